import { IsString, IsUUID, MaxLength } from 'class-validator';

import { IfGiven } from '../../common/if-given.decorator.js';

export class UsersPageDto {
  /** Part of a nickname or username. */
  @IfGiven()
  @IsString({ message: 'field.invalid' })
  @MaxLength(50, { message: 'field.text', context: { limit: 50 } })
  q?: string;

  /** The id of the last person of the page before. */
  @IfGiven()
  @IsUUID(undefined, { message: 'field.invalid' })
  after?: string;
}
