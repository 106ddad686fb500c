import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsString, MaxLength, ValidateNested } from 'class-validator';

import { IfGiven } from '../../common/if-given.decorator.js';
import { TERM_OUTCOMES, type TermOutcome } from './matcher.js';
import { MOST_TERMS } from './terms.service.js';

export class TermDto {
  /** A word or phrase of 2–500 characters; `*` at its start or end: also as part of a longer word. */
  @IsString({ message: 'field.term' })
  @MaxLength(4000, { message: 'field.term' })
  text: string;

  /** `refuse` unless told. */
  @IfGiven()
  @IsIn(TERM_OUTCOMES, { message: 'field.invalid' })
  outcome?: TermOutcome;
}

export class TermsDto {
  @IsArray({ message: 'field.terms' })
  @ArrayMaxSize(MOST_TERMS, { message: 'field.terms', context: { limit: MOST_TERMS } })
  @ValidateNested({ each: true })
  @Type(() => TermDto)
  terms: TermDto[];
}

/** Terms as text. */
export class TermsTextDto {
  /** One a line; `[mask] word` has another outcome than the usual one. */
  @IsString({ message: 'field.required' })
  @MaxLength(1_000_000, { message: 'field.terms', context: { limit: MOST_TERMS } })
  text: string;

  /** The usual one: `refuse` unless told. */
  @IfGiven()
  @IsIn(TERM_OUTCOMES, { message: 'field.invalid' })
  outcome?: TermOutcome;
}
