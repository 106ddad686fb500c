import { IsString, Length } from 'class-validator';

import { IfGiven } from '../../common/if-given.decorator.js';
import { LONGEST_NICKNAME } from '../../users/name-rules.js';

const PERSON = { message: 'field.person' };

/** Whom staff warn, and in which words. */
export class WarnDto {
  @IsString(PERSON)
  @Length(1, LONGEST_NICKNAME, PERSON)
  user: string;

  /** Shown to the person. */
  @IsString({ message: 'field.required' })
  @Length(1, 500, { message: 'field.required' })
  reason: string;

  /** The same again is the same warning. */
  @IfGiven()
  @IsString({ message: 'field.nonce' })
  @Length(8, 64, { message: 'field.nonce' })
  nonce?: string;
}
