import { IsBoolean, IsIn, IsInt, IsString, IsUUID, Length, Max, MaxLength, Min } from 'class-validator';

import type { SanctionAction } from '../../protocol/views.js';
import { LONGEST_NICKNAME } from '../../users/name-rules.js';
import { IfGiven } from '../../common/if-given.decorator.js';

export const SHORTEST_TIMEOUT_S = 10;
export const LONGEST_TIMEOUT_S = 14 * 24 * 60 * 60;
export const DEFAULT_TIMEOUT_S = 5 * 60;

const SECONDS = { message: 'field.timeout' };

const KINDS: readonly SanctionAction[] = ['timeout', 'ban', 'hide'];

const PERSON = { message: 'field.person' };

/** Somebody, by the id of their account or by their nickname. */
class PersonDto {
  @IsString(PERSON)
  @Length(1, LONGEST_NICKNAME, PERSON)
  user: string;
}

/** Whose sanction is to be lifted, and only which kind of it. */
export class LiftDto extends PersonDto {
  @IfGiven()
  @IsIn(KINDS, { message: 'field.invalid' })
  action?: SanctionAction;
}

export class ImposeDto extends PersonDto {
  @IsIn(KINDS, { message: 'field.invalid' })
  action: SanctionAction;

  /** How long a time-out is; 300 unless told. A ban lasts until it is lifted. */
  @IfGiven()
  @IsInt(SECONDS)
  @Min(SHORTEST_TIMEOUT_S, SECONDS)
  @Max(LONGEST_TIMEOUT_S, SECONDS)
  seconds?: number;

  /** For staff; never shown to the room. */
  @IfGiven()
  @IsString({ message: 'field.invalid' })
  @MaxLength(500, { message: 'field.text', context: { limit: 500 } })
  reason?: string;

  /** Whether all their messages in the room, or in all rooms, are removed with it. */
  @IfGiven()
  @IsBoolean({ message: 'field.invalid' })
  removeMessages?: boolean;

  /** The same again is the same sanction. */
  @IfGiven()
  @IsString({ message: 'field.nonce' })
  @Length(8, 64, { message: 'field.nonce' })
  nonce?: string;
}

/** A sanction on the whole server. */
export class ImposeEverywhereDto extends ImposeDto {
  /** With a ban, and for administrators: nobody takes part from their addresses either. */
  @IfGiven()
  @IsBoolean({ message: 'field.invalid' })
  address?: boolean;
}

export class SanctionsQueryDto {
  /** Part of a nickname. */
  @IfGiven()
  @IsString({ message: 'field.invalid' })
  @MaxLength(50, { message: 'field.text', context: { limit: 50 } })
  q?: string;

  /** Also what has ended. */
  @IfGiven()
  @IsIn(['1'], { message: 'field.invalid' })
  past?: '1';

  /** Of a room: also those of the whole server, which hold there, too. */
  @IfGiven()
  @IsIn(['1'], { message: 'field.invalid' })
  everywhere?: '1';

  /** The id of the last one of the page before. */
  @IfGiven()
  @IsUUID(undefined, { message: 'field.invalid' })
  after?: string;
}
