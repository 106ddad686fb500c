import { Column, Entity, PrimaryColumn } from 'typeorm';

import { integer64 } from '../../database/columns.js';

/** Somebody whom somebody else does not want to read. Nobody but they themselves is ever told. */
@Entity('ignored_people')
export class IgnoredPerson {
  @PrimaryColumn('varchar', { length: 36 })
  userId: string;

  @PrimaryColumn('varchar', { length: 36 })
  ignoredId: string;

  @Column(integer64)
  at: number;
}
