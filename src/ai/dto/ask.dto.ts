import { IsInt, IsString, Length, Max, MaxLength, Min } from 'class-validator';

import { IfGiven } from '../../common/if-given.decorator.js';

/** A question to the AI. */
export class AskDto {
  @IsString({ message: 'field.required' })
  @MaxLength(16_384, { message: 'field.invalid' })
  text: string;

  @IsString({ message: 'field.nonce' })
  @Length(8, 64, { message: 'field.nonce' })
  nonce: string;

  /** The seq of one's own question that this one takes the place of. */
  @IfGiven()
  @IsInt({ message: 'field.seq' })
  @Min(1, { message: 'field.seq' })
  @Max(Number.MAX_SAFE_INTEGER, { message: 'field.seq' })
  replaces?: number;
}
