import { IsIn, IsInt, IsString, Length, Max, MaxLength, Min } from 'class-validator';

import { IfGiven } from '../../common/if-given.decorator.js';

const TARGET = { message: 'field.seq' };

/** The client's own name for what it sends: the same again is the same message. */
class NoncedDto {
  @IsString({ message: 'field.nonce' })
  @Length(8, 64, { message: 'field.nonce' })
  nonce: string;
}

/** A new message; how long its text may be is the room's affair. */
export class SayDto extends NoncedDto {
  @IsString({ message: 'field.required' })
  @MaxLength(16_384, { message: 'field.invalid' })
  text: string;

  @IfGiven()
  @IsInt(TARGET)
  @Min(1, TARGET)
  @Max(Number.MAX_SAFE_INTEGER, TARGET)
  replyTo?: number;

  /** An administrator's announcement. */
  @IfGiven()
  @IsIn(['admin'], { message: 'field.invalid' })
  kind?: 'admin';
}

/** The new text of one's own message. */
export class ChangeDto extends NoncedDto {
  @IsString({ message: 'field.required' })
  @MaxLength(16_384, { message: 'field.invalid' })
  text: string;
}

/** Over a socket the message is named in the frame, over HTTP in the path. */
export class EditDto extends ChangeDto {
  @IsInt(TARGET)
  @Min(1, TARGET)
  @Max(Number.MAX_SAFE_INTEGER, TARGET)
  target: number;
}

export class RemoveDto extends NoncedDto {
  @IsInt(TARGET)
  @Min(1, TARGET)
  @Max(Number.MAX_SAFE_INTEGER, TARGET)
  target: number;

  /** Kept for staff; never shown to the room. */
  @IfGiven()
  @IsString({ message: 'field.invalid' })
  @MaxLength(500, { message: 'field.invalid' })
  reason?: string;
}

/** A removal over HTTP may come without a body: removing twice is the same removal anyway. */
export class RemoveBodyDto {
  @IfGiven()
  @IsString({ message: 'field.nonce' })
  @Length(8, 64, { message: 'field.nonce' })
  nonce?: string;

  @IfGiven()
  @IsString({ message: 'field.invalid' })
  @MaxLength(500, { message: 'field.invalid' })
  reason?: string;
}
