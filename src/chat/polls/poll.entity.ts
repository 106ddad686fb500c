import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

import type { Role } from '../../protocol/views.js';
import { integer64 } from '../../database/columns.js';

/** What staff asked a room. The log says that it was opened and how it ended; until both are said, nothing else is asked. */
@Entity('polls')
@Index('polls_unfinished', ['roomId'], { unique: true, where: 'closed_seq IS NULL' })
@Index('polls_room', ['roomId', 'at'])
export class Poll {
  @PrimaryColumn('varchar', { length: 36 })
  id: string;

  @Column('integer')
  roomId: number;

  @Column('text')
  question: string;

  @Column('simple-json')
  choices: string[];

  @Column('varchar', { length: 36 })
  byId: string;

  @Column('varchar', { length: 200 })
  byName: string;

  @Column('varchar', { length: 16 })
  byRole: Role;

  /** Where it was asked from, for the action log. */
  @Column('varchar', { length: 64 })
  byAddress: string;

  @Column(integer64)
  at: number;

  /** When it ends by itself. */
  @Column(integer64)
  closesAt: number;

  /** Since when nobody's vote is taken any more. */
  @Column({ ...integer64, nullable: true })
  closedAt: number | null;

  /** The entries that say so; null until they are known to be in the log. */
  @Column({ ...integer64, nullable: true })
  openedSeq: number | null;

  @Column({ ...integer64, nullable: true })
  closedSeq: number | null;

  /** How it ended, by choice. */
  @Column('simple-json', { nullable: true })
  counts: number[] | null;
}
