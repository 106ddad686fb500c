import { IsString, Length, MaxLength } from 'class-validator';

import { IfGiven } from '../../common/if-given.decorator.js';

export class AskQuestionDto {
  @IsString({ message: 'field.required' })
  @MaxLength(4000, { message: 'field.invalid' })
  text: string;

  /** The same again is the same question. */
  @IfGiven()
  @IsString({ message: 'field.nonce' })
  @Length(8, 64, { message: 'field.nonce' })
  nonce?: string;
}
