import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

import { integer64 } from '../../database/columns.js';

/** What one person chose: one row each, on whatever node they vote. */
@Entity('poll_votes')
@Index('poll_votes_person', ['userId'])
export class PollVote {
  @PrimaryColumn('varchar', { length: 36 })
  pollId: string;

  @PrimaryColumn('varchar', { length: 36 })
  userId: string;

  /** The place of the choice, from 0. */
  @Column('integer')
  choice: number;

  @Column(integer64)
  at: number;
}
