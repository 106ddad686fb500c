import { Column, Entity, PrimaryColumn } from 'typeorm';

import { integer64 } from '../../database/columns.js';

/** Which rules of a room somebody, a member or a named guest, has said that they read: the last ones alone. */
@Entity('rule_consents')
export class RuleConsent {
  @PrimaryColumn('integer')
  roomId: number;

  @PrimaryColumn('varchar', { length: 36 })
  userId: string;

  /** What `rulesId` says of them. */
  @Column('varchar', { length: 32 })
  rules: string;

  @Column(integer64)
  at: number;
}
