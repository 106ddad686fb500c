import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

import { IfGiven } from '../../common/if-given.decorator.js';

/** Letters, digits and single hyphens; shorter than a UUID, which names a conversation. */
const SLUG = /^(?=.{2,32}$)[a-z0-9]+(-[a-z0-9]+)*$/;
/** Something to read, and nothing that turns the text around it. */
const TITLE = /^(?=.*[\p{L}\p{N}])[^\p{Cc}\u202A-\u202E\u2066-\u2069]*$/u;

export class CreateRoomDto {
  @IsString({ message: 'field.slug' })
  @Matches(SLUG, { message: 'field.slug' })
  slug: string;

  @IsString({ message: 'field.title' })
  @Length(1, 100, { message: 'field.title' })
  @Matches(TITLE, { message: 'field.title' })
  title: string;

  @IsIn(['chat', 'stream'], { message: 'field.invalid' })
  kind: 'chat' | 'stream';
}

export class RoomSettingsDto {
  @IfGiven()
  @IsInt({ message: 'field.invalid' })
  @Min(1, { message: 'field.invalid' })
  @Max(500, { message: 'field.invalid' })
  textLimit?: number;

  @IfGiven()
  @IsInt({ message: 'field.invalid' })
  @Min(0, { message: 'field.invalid' })
  @Max(1_000_000, { message: 'field.invalid' })
  noticesUpTo?: number;
}

/** Only what is there is changed. */
export class ChangeRoomDto {
  @IfGiven()
  @IsString({ message: 'field.title' })
  @Length(1, 100, { message: 'field.title' })
  @Matches(TITLE, { message: 'field.title' })
  title?: string;

  /** Null or an empty text: no player, the chat stands alone. */
  @ValidateIf(({ embed }: ChangeRoomDto) => embed !== undefined && embed !== null)
  @IsString({ message: 'field.embed' })
  @MaxLength(500, { message: 'field.embed' })
  embed?: string | null;

  @IfGiven()
  @IsObject({ message: 'field.invalid' })
  @ValidateNested()
  @Type(() => RoomSettingsDto)
  settings?: RoomSettingsDto;

  @IfGiven()
  @IsBoolean({ message: 'field.invalid' })
  archived?: boolean;
}
