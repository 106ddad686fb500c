import { IsIn, IsInt, IsString, Length, Max, MaxLength, Min } from 'class-validator';

import type { AnnouncementStyle } from '../../protocol/frames.js';
import { IfGiven } from '../../common/if-given.decorator.js';
import { isStorable } from '../../common/validation.js';

const TARGET = { message: 'field.seq' };
const PLAIN_NONCE = /^[\w-]{8,64}$/;

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

  /** How an announcement looks; `info` unless told. */
  @IfGiven()
  @IsIn(['info', 'warning', 'celebration'], { message: 'field.invalid' })
  style?: AnnouncementStyle;

  /** Most messages have a text and a plain nonce and nothing else. The general check costs more than storing them. */
  static quick(value: unknown): SayDto | null {
    if (typeof value !== 'object' || value === null) {
      return null;
    }
    for (const name in value) {
      if (name !== 'text' && name !== 'nonce') {
        return null;
      }
    }
    const { text, nonce }: { text?: unknown; nonce?: unknown } = value;
    if (typeof text !== 'string' || text.length > 16_384 || !isStorable(text)) {
      return null;
    }
    return typeof nonce === 'string' && PLAIN_NONCE.test(nonce)
      ? Object.assign(new SayDto(), { text, nonce })
      : null;
  }
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
