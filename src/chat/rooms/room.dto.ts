import { Transform, Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

import { AI_WATCHES, type AiWatch } from '../../protocol/views.js';
import { IfGiven } from '../../common/if-given.decorator.js';

/** Letters, digits and single hyphens; shorter than a UUID, which names a conversation. */
const SLUG = /^(?=.{2,32}$)[a-z0-9]+(-[a-z0-9]+)*$/;
/** Something to read, and nothing that turns the text around it. */
export const TITLE = /^(?=.*[\p{L}\p{N}])[^\p{Cc}\u202A-\u202E\u2066-\u2069]*$/u;

/** Lines of text without anything that turns or hides what is around it. */
const PLAIN = /^(?:\n|[^\p{Cc}\u202A-\u202E\u2066-\u2069])*$/u;

/** Without white space around it, its lines ended alike whatever they were written on. */
const Trimmed = () =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? value.replaceAll(/\r\n?/g, '\n').trim() : value,
  );

export class CreateRoomDto {
  @IsString({ message: 'field.slug' })
  @Matches(SLUG, { message: 'field.slug' })
  slug: string;

  @IsString({ message: 'field.title' })
  @Length(1, 100, { message: 'field.title' })
  @Matches(TITLE, { message: 'field.title' })
  title: string;

  @IsIn(['chat', 'stream'], { message: 'field.invalid' })
  kind: 'chat' | 'stream';
}

export class RoomSettingsDto {
  @IfGiven()
  @IsInt({ message: 'field.text-limit' })
  @Min(1, { message: 'field.text-limit' })
  @Max(500, { message: 'field.text-limit' })
  textLimit?: number;

  @IfGiven()
  @IsInt({ message: 'field.invalid' })
  @Min(0, { message: 'field.invalid' })
  @Max(1_000_000, { message: 'field.invalid' })
  noticesUpTo?: number;

  /** 0: off. */
  @ValidateIf(({ slowMode }: RoomSettingsDto) => slowMode !== undefined && slowMode !== 0)
  @IsInt({ message: 'field.slow-mode' })
  @Min(3, { message: 'field.slow-mode' })
  @Max(300, { message: 'field.slow-mode' })
  slowMode?: number;

  @IfGiven()
  @IsBoolean({ message: 'field.invalid' })
  hostsOnly?: boolean;

  @IfGiven()
  @IsBoolean({ message: 'field.invalid' })
  noLinks?: boolean;

  @IfGiven()
  @IsBoolean({ message: 'field.invalid' })
  noDuplicates?: boolean;

  @IfGiven()
  @IsBoolean({ message: 'field.invalid' })
  emojiOnly?: boolean;

  @IfGiven()
  @IsBoolean({ message: 'field.invalid' })
  hold?: boolean;

  @IfGiven()
  @IsBoolean({ message: 'field.invalid' })
  guests?: boolean;

  @IfGiven()
  @IsBoolean({ message: 'field.invalid' })
  shield?: boolean;

  /** 0: off. */
  @IfGiven()
  @IsInt({ message: 'field.delay' })
  @Min(0, { message: 'field.delay' })
  @Max(60, { message: 'field.delay' })
  delay?: number;

  /** 0: off. */
  @ValidateIf(({ established }: RoomSettingsDto) => established !== undefined && established !== 0)
  @IsInt({ message: 'field.established' })
  @Min(60, { message: 'field.established' })
  @Max(90 * 86_400, { message: 'field.established' })
  established?: number;

  @IfGiven()
  @IsBoolean({ message: 'field.invalid' })
  edits?: boolean;

  @IfGiven()
  @IsBoolean({ message: 'field.invalid' })
  markdown?: boolean;

  @IfGiven()
  @Trimmed()
  @IsString({ message: 'field.welcome' })
  @MaxLength(500, { message: 'field.welcome' })
  @Matches(PLAIN, { message: 'field.welcome' })
  welcome?: string;

  @IfGiven()
  @Trimmed()
  @IsString({ message: 'field.rules' })
  @MaxLength(2000, { message: 'field.rules' })
  @Matches(PLAIN, { message: 'field.rules' })
  rules?: string;

  @IfGiven()
  @IsBoolean({ message: 'field.invalid' })
  reactions?: boolean;

  @IfGiven()
  @IsBoolean({ message: 'field.invalid' })
  questions?: boolean;

  @IfGiven()
  @IsIn(AI_WATCHES, { message: 'field.invalid' })
  aiWatch?: AiWatch;

  @IfGiven()
  @IsInt({ message: 'field.percent' })
  @Min(1, { message: 'field.percent' })
  @Max(100, { message: 'field.percent' })
  aiWatchAbove?: number;
}

/** Only what is there is changed. */
export class ChangeRoomDto {
  @IfGiven()
  @IsString({ message: 'field.title' })
  @Length(1, 100, { message: 'field.title' })
  @Matches(TITLE, { message: 'field.title' })
  title?: string;

  /** Null or an empty text: no player, the chat stands alone. */
  @ValidateIf(({ embed }: ChangeRoomDto) => embed !== undefined && embed !== null)
  @IsString({ message: 'field.embed' })
  @MaxLength(500, { message: 'field.embed' })
  embed?: string | null;

  @IfGiven()
  @IsObject({ message: 'field.invalid' })
  @ValidateNested()
  @Type(() => RoomSettingsDto)
  settings?: RoomSettingsDto;

  @IfGiven()
  @IsBoolean({ message: 'field.invalid' })
  archived?: boolean;
}
