import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

import { integer64 } from '../../database/columns.js';

/** What somebody said a moment ago in a room without duplicates, as the digest of its folded text. */
@Entity('said_texts')
export class SaidText {
  @PrimaryColumn('integer')
  roomId: number;

  @PrimaryColumn('varchar', { length: 36 })
  userId: string;

  @PrimaryColumn('varchar', { length: 22 })
  digest: string;

  /** The message that says it; its own edit may say it again. */
  @Column(integer64)
  seq: number;

  @Index('said_texts_at')
  @Column(integer64)
  at: number;
}
