import { IsUUID } from 'class-validator';

/** Names an answer of the AI: the id of its message. */
export class AnswerIdDto {
  @IsUUID(undefined, { message: 'field.invalid' })
  id: string;
}
