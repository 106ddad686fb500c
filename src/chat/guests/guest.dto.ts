import { IsString, Length, MaxLength } from 'class-validator';

import { LONGEST_NICKNAME } from '../../users/name-rules.js';

/** The name that a guest wants, and the room where they want to write. */
export class GuestDto {
  @IsString({ message: 'field.nickname' })
  @MaxLength(LONGEST_NICKNAME, { message: 'field.nickname' })
  nickname: string;

  @IsString({ message: 'field.slug' })
  @Length(1, 64, { message: 'field.slug' })
  room: string;
}
