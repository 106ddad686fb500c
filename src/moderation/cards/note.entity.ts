import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

import { integer64 } from '../../database/columns.js';

/** What one of the staff of a room wants the others to know about somebody. */
@Entity('notes')
@Index('notes_person', ['userId', 'roomId', 'at'])
export class Note {
  @PrimaryColumn('varchar', { length: 36 })
  id: string;

  @Column('integer')
  roomId: number;

  @Column('varchar', { length: 36 })
  userId: string;

  @Column('varchar', { length: 500 })
  text: string;

  @Column('varchar', { length: 36 })
  byId: string;

  /** As they were called. */
  @Column('varchar', { length: 200 })
  byName: string;

  @Column(integer64)
  at: number;
}
