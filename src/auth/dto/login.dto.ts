import { IsNotEmpty, IsString, Matches, MaxLength } from 'class-validator';

import { TYPED_PASSWORD } from './is-password.js';

/** Only bounds: what is wrong with a name or a password is not told to somebody who guesses. */
export class LoginDto {
  @IsString({ message: 'field.invalid' })
  @IsNotEmpty()
  @MaxLength(256, { message: 'field.text', context: { limit: 256 } })
  username: string;

  @Matches(TYPED_PASSWORD, { message: 'field.invalid' })
  password: string;
}
