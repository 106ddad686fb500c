import { IsInt, IsString, Length, Max, Min } from 'class-validator';

import { IfGiven } from '../../common/if-given.decorator.js';

export const SHORTEST_PIN_S = 30;
export const LONGEST_PIN_S = 30 * 60;

const SEQ = { message: 'field.seq' };
const SECONDS = { message: 'field.pin' };

export class PinDto {
  /** The seq of the message. */
  @IsInt(SEQ)
  @Min(1, SEQ)
  @Max(Number.MAX_SAFE_INTEGER, SEQ)
  target: number;

  /** For how long; until it is taken off unless told. */
  @IfGiven()
  @IsInt(SECONDS)
  @Min(SHORTEST_PIN_S, SECONDS)
  @Max(LONGEST_PIN_S, SECONDS)
  seconds?: number;

  /** The same again is the same pin. */
  @IfGiven()
  @IsString({ message: 'field.nonce' })
  @Length(8, 64, { message: 'field.nonce' })
  nonce?: string;
}
