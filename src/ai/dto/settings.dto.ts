import { Transform, type TransformFnParams } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';

import { IfGiven } from '../../common/if-given.decorator.js';

export const LONGEST_PERSONA = 2000;

/** Forms send texts where JSON has numbers. */
const asNumber = (value: unknown): unknown =>
  typeof value === 'string' && /^\s*\d{1,15}\s*$/.test(value) ? Number(value) : value;
const AsNumber = () => Transform(({ value }: TransformFnParams): unknown => asNumber(value));
const AsFlag = () =>
  Transform(({ value }: TransformFnParams): unknown =>
    value === 'true' || value === 'false' ? value === 'true' : value,
  );
/** A text area: a term a line. */
const AsLines = () =>
  Transform(({ value }: TransformFnParams): unknown => {
    const lines: unknown = typeof value === 'string' ? value.split('\n') : value;
    return Array.isArray(lines)
      ? lines.map((line: unknown) => (typeof line === 'string' ? line.trim() : line)).filter(Boolean)
      : value;
  });
const AsText = () =>
  Transform(({ value }: TransformFnParams): unknown =>
    typeof value === 'string' ? value.replaceAll('\r\n', '\n').trim() : value,
  );

/** Nothing that a model or a log could take for something else than text. */
const TEXT = /^[^\p{Cc}\u202A-\u202E\u2066-\u2069]*$/u;
const LINES = /^(?:[^\p{Cc}\u202A-\u202E\u2066-\u2069]|[\n\t])*$/u;

/** A whole number between the two, also as a text. */
function Whole(least: number, most: number): PropertyDecorator {
  const rules = [
    IfGiven(),
    AsNumber(),
    IsInt({ message: 'field.range' }),
    Min(least, { message: 'field.range' }),
    Max(most, { message: 'field.range' }),
  ];
  return (target, property) => rules.forEach((rule) => rule(target, property));
}

/** Only what is there is changed. */
export class AiSettingsDto {
  /** Null or an empty text: chosen by the server. */
  @Transform(({ value }: TransformFnParams): unknown => (value === '' ? null : value))
  @ValidateIf(({ model }: AiSettingsDto) => model !== undefined && model !== null)
  @IsString({ message: 'field.invalid' })
  @Matches(/^[\x21-\x7e]{1,200}$/, { message: 'field.invalid' })
  model?: string | null;

  @IfGiven()
  @AsText()
  @IsString({ message: 'field.invalid' })
  @MaxLength(LONGEST_PERSONA, { message: 'field.text', context: { limit: LONGEST_PERSONA } })
  @Matches(LINES, { message: 'field.invalid' })
  persona?: string;

  @Whole(1024, 2_000_000)
  contextTokens?: number;

  @Whole(16, 100_000)
  answerTokens?: number;

  @Whole(16, 100_000)
  roomAnswerTokens?: number;

  @Whole(1, 10_000)
  asks?: number;

  @Whole(1, 1000)
  roomAnswers?: number;

  @Whole(1, 10_000)
  running?: number;

  @Whole(0, 1000)
  queue?: number;

  @Whole(0, 1_000_000_000)
  tokensPerPerson?: number;

  @Whole(0, 1_000_000_000_000)
  tokensPerServer?: number;

  @IfGiven()
  @AsFlag()
  @IsBoolean({ message: 'field.invalid' })
  translation?: boolean;

  @IfGiven()
  @AsFlag()
  @IsBoolean({ message: 'field.invalid' })
  summary?: boolean;

  @IfGiven()
  @IsIn(['off', 'terms', 'openai'], { message: 'field.invalid' })
  moderation?: 'off' | 'terms' | 'openai';

  @IfGiven()
  @AsFlag()
  @IsBoolean({ message: 'field.invalid' })
  moderateQuestions?: boolean;

  @IfGiven()
  @IsIn(['off', 'retract', 'hold'], { message: 'field.invalid' })
  moderateAnswers?: 'off' | 'retract' | 'hold';

  @IfGiven()
  @IsIn(['open', 'closed'], { message: 'field.invalid' })
  moderationFailure?: 'open' | 'closed';

  @Whole(100, 30_000)
  moderationMs?: number;

  @IfGiven()
  @AsLines()
  @IsArray({ message: 'field.invalid' })
  @ArrayMaxSize(500, { message: 'field.ai-terms' })
  @IsString({ each: true, message: 'field.ai-terms' })
  @Length(2, 100, { each: true, message: 'field.ai-terms' })
  @Matches(TEXT, { each: true, message: 'field.ai-terms' })
  moderationTerms?: string[];

  @IfGiven()
  @IsIn(['model', 'openai'], { message: 'field.invalid' })
  watchBy?: 'model' | 'openai';

  @Whole(0, 1_000_000_000_000)
  watchTokens?: number;

  @Whole(100, 30_000)
  watchMs?: number;

  @IfGiven()
  @IsIn(['show', 'keep'], { message: 'field.invalid' })
  watchFailure?: 'show' | 'keep';
}

export class RoomAiDto {
  @AsText()
  @IsString({ message: 'field.required' })
  @MaxLength(LONGEST_PERSONA, { message: 'field.text', context: { limit: LONGEST_PERSONA } })
  @Matches(LINES, { message: 'field.invalid' })
  persona: string;
}

export class UsageDayDto {
  /** Today (UTC) unless given. */
  @IfGiven()
  @IsString({ message: 'field.invalid' })
  @Matches(/^20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, { message: 'field.invalid' })
  day?: string;
}

export class BudgetDto {
  /** Null or an empty text: as much as everybody. */
  @Transform(({ value }: TransformFnParams): unknown => (value === '' ? null : asNumber(value)))
  @ValidateIf(({ tokens }: BudgetDto) => tokens !== null)
  @IsInt({ message: 'field.range' })
  @Min(0, { message: 'field.range' })
  @Max(1_000_000_000, { message: 'field.range' })
  tokens: number | null;
}

export class BudgetFormDto extends BudgetDto {
  @IsString({ message: 'field.required' })
  @Length(1, 40, { message: 'field.required' })
  username: string;
}
