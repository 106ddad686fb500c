import { Column, Entity, PrimaryColumn } from 'typeorm';

import { integer64 } from '../../database/columns.js';

/** Tokens of one day (UTC), used and set aside: a row for each person, and one for the whole server. */
@Entity('ai_usage')
export class AiUsageRow {
  @PrimaryColumn('varchar', { length: 10 })
  day: string;

  /** A user id, or `server`. */
  @PrimaryColumn('varchar', { length: 36 })
  payer: string;

  @Column(integer64)
  tokens: number;
}
