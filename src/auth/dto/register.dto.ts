import { IsString, Matches, MaxLength } from 'class-validator';

import { LONGEST_NICKNAME, USERNAME } from '../../users/name-rules.js';
import { IsPassword } from './is-password.js';

export class RegisterDto {
  /** The rules that take more than a length are the users' service's. */
  @IsString({ message: 'field.nickname' })
  @MaxLength(LONGEST_NICKNAME, { message: 'field.nickname' })
  nickname: string;

  @IsString({ message: 'field.username' })
  @Matches(USERNAME, { message: 'field.username' })
  username: string;

  @IsPassword()
  password: string;
}
