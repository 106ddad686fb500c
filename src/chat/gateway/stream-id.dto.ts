import { IsUUID } from 'class-validator';

/** Names something that is being written: the id of the message it becomes. */
export class StreamIdDto {
  @IsUUID(undefined, { message: 'field.invalid' })
  id: string;
}
