import { IsString, Length, Matches } from 'class-validator';

import { IfGiven } from '../../common/if-given.decorator.js';
import { TITLE } from '../../chat/rooms/room.dto.js';

/** An event that begins. */
export class StartSessionDto {
  /** That of the room unless told. */
  @IfGiven()
  @IsString({ message: 'field.title' })
  @Length(1, 100, { message: 'field.title' })
  @Matches(TITLE, { message: 'field.title' })
  title?: string;

  /** The same again is the same session. */
  @IfGiven()
  @IsString({ message: 'field.nonce' })
  @Length(8, 64, { message: 'field.nonce' })
  nonce?: string;
}
