import { IsNotEmpty, IsString, MaxLength } from 'class-validator';

import { IsPassword } from './is-password.js';

export class ChangePasswordDto {
  @IsString({ message: 'field.invalid' })
  @IsNotEmpty()
  @MaxLength(512, { message: 'field.invalid' })
  current: string;

  @IsPassword()
  password: string;
}
