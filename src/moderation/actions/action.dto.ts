import { IsIn, IsString, IsUUID, MaxLength } from 'class-validator';

import { ACTION_KINDS, type ActionKind } from '../../protocol/views.js';
import { EmptyIsAbsent, IfGiven } from '../../common/if-given.decorator.js';
import { PeriodDto } from '../../common/period.dto.js';

const NAME = { message: 'field.text', context: { limit: 50 } };

/** Which acts: all of it must fit. */
export class ActionsQueryDto extends PeriodDto {
  /** Who did it: the id, or a part of the nickname of then. */
  @IfGiven()
  @IsString({ message: 'field.invalid' })
  @MaxLength(50, NAME)
  by?: string;

  /** To whom, likewise. */
  @IfGiven()
  @IsString({ message: 'field.invalid' })
  @MaxLength(50, NAME)
  user?: string;

  @IfGiven()
  @EmptyIsAbsent()
  @IsIn(ACTION_KINDS, { message: 'field.invalid' })
  action?: ActionKind;

  /** The id of the last one of the page before. */
  @IfGiven()
  @IsUUID('all', { message: 'field.invalid' })
  after?: string;

  /** All of them as a file, instead of a page. */
  @IfGiven()
  @IsIn(['csv', 'json'], { message: 'field.invalid' })
  format?: 'csv' | 'json';
}
