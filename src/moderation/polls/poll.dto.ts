import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsString,
  Length,
  Max,
  MaxLength,
  Min,
} from 'class-validator';

import { IfGiven } from '../../common/if-given.decorator.js';

export const SHORTEST_POLL_S = 15;
export const LONGEST_POLL_S = 30 * 60;
export const MOST_CHOICES = 5;

const WORDS = { message: 'field.required' };
const CHOICES = { message: 'field.choices' };
const SECONDS = { message: 'field.poll-seconds' };

export class StartPollDto {
  @IsString(WORDS)
  @MaxLength(4000, { message: 'field.invalid' })
  question: string;

  @IsArray(CHOICES)
  @ArrayMinSize(2, CHOICES)
  @ArrayMaxSize(MOST_CHOICES, CHOICES)
  @IsString({ ...CHOICES, each: true })
  @MaxLength(2000, { ...CHOICES, each: true })
  choices: string[];

  /** For how long it is open. */
  @IsInt(SECONDS)
  @Min(SHORTEST_POLL_S, SECONDS)
  @Max(LONGEST_POLL_S, SECONDS)
  seconds: number;

  /** The same again is the same poll. */
  @IfGiven()
  @IsString({ message: 'field.nonce' })
  @Length(8, 64, { message: 'field.nonce' })
  nonce?: string;
}

export class VoteDto {
  /** The place of the choice, from 0. */
  @IsInt({ message: 'field.choice' })
  @Min(0, { message: 'field.choice' })
  @Max(MOST_CHOICES - 1, { message: 'field.choice' })
  choice: number;
}
