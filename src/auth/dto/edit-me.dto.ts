import { IsIn, IsOptional, IsString, MaxLength, ValidateIf } from 'class-validator';

import type { Locale } from '../../protocol/views.js';
import { LONGEST_NICKNAME } from '../../users/name-rules.js';

export class EditMeDto {
  @ValidateIf((_, value) => value !== undefined)
  @IsString({ message: 'field.nickname' })
  @MaxLength(LONGEST_NICKNAME, { message: 'field.nickname' })
  nickname?: string;

  /** Null: follow the browser. */
  @IsOptional()
  @IsIn(['ko', 'en'], { message: 'field.invalid' })
  locale?: Locale | null;
}
