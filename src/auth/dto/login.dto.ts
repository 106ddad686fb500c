import { IsNotEmpty, IsString, MaxLength } from 'class-validator';

/** Only bounds: what is wrong with a name or a password is not told to somebody who guesses. */
export class LoginDto {
  @IsString({ message: 'field.invalid' })
  @IsNotEmpty()
  @MaxLength(256, { message: 'field.text', context: { limit: 256 } })
  username: string;

  @IsString({ message: 'field.invalid' })
  @IsNotEmpty()
  @MaxLength(512, { message: 'field.invalid' })
  password: string;
}
