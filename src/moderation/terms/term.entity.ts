import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

import { integer64 } from '../../database/columns.js';
import type { TermOutcome } from './matcher.js';

/** A word or phrase that is not to be said. */
@Entity('blocked_terms')
export class BlockedTerm {
  @PrimaryColumn('varchar', { length: 36 })
  id: string;

  /** Null: in every room. */
  @Index('blocked_terms_room')
  @Column('integer', { nullable: true })
  roomId: number | null;

  @Column('text')
  text: string;

  @Column('varchar', { length: 16 })
  outcome: TermOutcome;

  @Column('varchar', { length: 36 })
  byId: string;

  @Column(integer64)
  at: number;
}
