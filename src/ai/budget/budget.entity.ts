import { Column, Entity, PrimaryColumn } from 'typeorm';

import { integer64 } from '../../database/columns.js';

/** Tokens a day for somebody who may use more, or less, than everybody. */
@Entity('ai_budgets')
export class AiBudget {
  @PrimaryColumn('varchar', { length: 36 })
  userId: string;

  @Column(integer64)
  tokens: number;
}
