import { IsBoolean, IsInt, IsString, Max, MaxLength, Min } from 'class-validator';

import { IfGiven } from '../../common/if-given.decorator.js';

const MINUTES = { message: 'field.timer-minutes' };
const MESSAGES = { message: 'field.timer-messages' };

/** Something that the room is to say again and again. */
export class TimerDto {
  /** Up to 500 graphemes. */
  @IsString({ message: 'field.required' })
  @MaxLength(16_384, { message: 'field.invalid' })
  text: string;

  @IsInt(MINUTES)
  @Min(5, MINUTES)
  @Max(120, MINUTES)
  minutes: number;

  /** How many messages of people there must be in between; 5 unless told. */
  @IfGiven()
  @IsInt(MESSAGES)
  @Min(0, MESSAGES)
  @Max(500, MESSAGES)
  messages?: number;

  @IfGiven()
  @IsBoolean({ message: 'field.invalid' })
  enabled?: boolean;
}

/** Only what is there is changed. */
export class ChangeTimerDto {
  @IfGiven()
  @IsString({ message: 'field.required' })
  @MaxLength(16_384, { message: 'field.invalid' })
  text?: string;

  @IfGiven()
  @IsInt(MINUTES)
  @Min(5, MINUTES)
  @Max(120, MINUTES)
  minutes?: number;

  @IfGiven()
  @IsInt(MESSAGES)
  @Min(0, MESSAGES)
  @Max(500, MESSAGES)
  messages?: number;

  @IfGiven()
  @IsBoolean({ message: 'field.invalid' })
  enabled?: boolean;
}
