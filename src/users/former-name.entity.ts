import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

import { integer64 } from '../database/columns.js';

/** A nickname that somebody gave up. */
@Entity('former_names')
@Index('former_names_person', ['userId', 'at'])
@Index('former_names_key', ['nicknameKey', 'at'])
export class FormerName {
  @PrimaryColumn('varchar', { length: 36 })
  id: string;

  @Column('varchar', { length: 36 })
  userId: string;

  @Column('varchar', { length: 200 })
  nickname: string;

  @Column('varchar', { length: 400 })
  nicknameKey: string;

  /** When they gave it up. */
  @Column(integer64)
  at: number;
}
