import { Column, Entity, PrimaryColumn } from 'typeorm';

import { integer64 } from '../../database/columns.js';

/** Tokens of one day (UTC), used and set aside: a row for each person, one for the whole server, and one for watching rooms. */
@Entity('ai_usage')
export class AiUsageRow {
  @PrimaryColumn('varchar', { length: 10 })
  day: string;

  /** A user id, `server` or `watch`. */
  @PrimaryColumn('varchar', { length: 36 })
  payer: string;

  @Column(integer64)
  tokens: number;
}
