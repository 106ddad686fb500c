import { IsInt, IsString, Length, MaxLength, Min } from 'class-validator';

import { IfGiven } from '../../common/if-given.decorator.js';

/** Why something is done; may be left out, with the whole body. */
export class ReasonDto {
  /** For staff; never shown to the room. */
  @IfGiven()
  @IsString({ message: 'field.invalid' })
  @MaxLength(500, { message: 'field.text', context: { limit: 500 } })
  reason?: string;

  /** The same again is the same act. */
  @IfGiven()
  @IsString({ message: 'field.nonce' })
  @Length(8, 64, { message: 'field.nonce' })
  nonce?: string;
}

/** What of somebody is to come back, and why. */
export class RestoreDto extends ReasonDto {
  /** The seq of what removed it; absent: what was removed last. */
  @IfGiven()
  @IsInt({ message: 'field.seq' })
  @Min(1, { message: 'field.seq' })
  removal?: number;
}
