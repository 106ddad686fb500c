import { Matches } from 'class-validator';

import { IsPassword, TYPED_PASSWORD } from './is-password.js';

export class ChangePasswordDto {
  @Matches(TYPED_PASSWORD, { message: 'field.invalid' })
  current: string;

  @IsPassword()
  password: string;
}
