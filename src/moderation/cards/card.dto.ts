import { IsString, Length } from 'class-validator';

import { IfGiven } from '../../common/if-given.decorator.js';

const WORDS = { message: 'field.required' };

export class NoteDto {
  @IsString(WORDS)
  @Length(1, 500, WORDS)
  text: string;

  /** The same again is the same note. */
  @IfGiven()
  @IsString({ message: 'field.nonce' })
  @Length(8, 64, { message: 'field.nonce' })
  nonce?: string;
}
