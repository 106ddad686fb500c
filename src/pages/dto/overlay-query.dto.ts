import { Type } from 'class-transformer';
import { IsIn, IsInt, Matches, Max, Min } from 'class-validator';

import { IfGiven } from '../../common/if-given.decorator.js';

const SWITCH = ['on', 'off'] as const;
type Switch = (typeof SWITCH)[number];

/** How the overlay for OBS looks, as its address says; `docs/protocol.md` lists them. */
export class OverlayQueryDto {
  /** Of the letters, in CSS pixels. */
  @IfGiven()
  @Type(() => Number)
  @IsInt({ message: 'field.range' })
  @Min(10, { message: 'field.range' })
  @Max(96, { message: 'field.range' })
  size?: number;

  /** Of the text: RRGGBB. */
  @IfGiven()
  @Matches(/^[0-9a-f]{6}$/i, { message: 'field.colour' })
  color?: string;

  /** Behind each message: RRGGBB, or RRGGBBAA to let the picture through. */
  @IfGiven()
  @Matches(/^[0-9a-f]{6}([0-9a-f]{2})?$/i, { message: 'field.colour' })
  background?: string;

  /** Seconds after which a message disappears. */
  @IfGiven()
  @Type(() => Number)
  @IsInt({ message: 'field.range' })
  @Min(3, { message: 'field.range' })
  @Max(3600, { message: 'field.range' })
  fade?: number;

  /** off: no names and avatars. */
  @IfGiven()
  @IsIn(SWITCH, { message: 'field.switch' })
  names?: Switch;

  /** on: only what staff, the AI and announcements say. */
  @IfGiven()
  @IsIn(SWITCH, { message: 'field.switch' })
  staff?: Switch;

  /** off: nothing that begins with `!` or `/` and a letter. */
  @IfGiven()
  @IsIn(SWITCH, { message: 'field.switch' })
  commands?: Switch;
}
