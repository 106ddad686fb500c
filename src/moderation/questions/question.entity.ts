import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

import type { Role } from '../../protocol/views.js';
import { integer64 } from '../../database/columns.js';

/** What somebody asks those who host a room. */
@Entity('questions')
@Index('questions_room', ['roomId', 'at'])
@Index('questions_author', ['authorId'])
export class Question {
  @PrimaryColumn('varchar', { length: 36 })
  id: string;

  @Column('integer')
  roomId: number;

  /** Null once the account is deleted. */
  @Column('varchar', { length: 36, nullable: true })
  authorId: string | null;

  @Column('varchar', { length: 200, nullable: true })
  authorName: string | null;

  @Column('varchar', { length: 16, nullable: true })
  authorRole: Role | 'guest' | null;

  @Column('text')
  text: string;

  @Column(integer64)
  at: number;

  /** `held`: it waits until staff let it through. */
  @Column('varchar', { length: 16 })
  status: 'open' | 'answered' | 'held';

  /** Others than staff and its author are not to see it. */
  @Column('boolean')
  hidden: boolean;
}
