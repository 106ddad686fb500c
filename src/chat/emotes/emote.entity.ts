import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

import { integer64 } from '../../database/columns.js';
import type { PictureType } from './picture.js';

/** A picture that people in a room write as `:name:`. Rows come and go; none changes. */
@Entity('emotes')
export class Emote {
  @PrimaryColumn('integer')
  roomId: number;

  @PrimaryColumn('varchar', { length: 32 })
  name: string;

  /** Names the content: the same picture has the same, in whatever room. */
  @Index('emotes_image')
  @Column('varchar', { length: 22 })
  imageId: string;

  @Column('varchar', { length: 16 })
  type: PictureType;

  @Column('boolean')
  animated: boolean;

  /** Base64: text is what both engines, and the move from one to the other, hold alike. */
  @Column('text')
  content: string;

  @Column('varchar', { length: 36 })
  byId: string;

  @Column(integer64)
  at: number;
}
