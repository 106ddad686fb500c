import { IsInt, IsString, Length, Max, Min } from 'class-validator';

import { IfGiven } from '../../common/if-given.decorator.js';

const SECONDS = { message: 'field.raid-seconds' };

/** Where the viewers of a room are to be led. */
export class StartRaidDto {
  /** The slug of a room. */
  @IsString({ message: 'field.required' })
  @Length(1, 64, { message: 'field.slug' })
  to: string;

  /** Until they go; 30 unless told. */
  @IfGiven()
  @IsInt(SECONDS)
  @Min(10, SECONDS)
  @Max(60, SECONDS)
  seconds?: number;

  /** The same again is the same raid. */
  @IfGiven()
  @IsString({ message: 'field.nonce' })
  @Length(8, 64, { message: 'field.nonce' })
  nonce?: string;
}
