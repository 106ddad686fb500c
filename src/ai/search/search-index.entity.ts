import { Column, Entity, PrimaryColumn } from 'typeorm';

import { integer64 } from '../../database/columns.js';

/** Two neighbouring characters that are, or were, somewhere in a conversation. */
@Entity('ai_search_pairs')
export class AiSearchPair {
  @PrimaryColumn('integer')
  roomId: number;

  @PrimaryColumn('varchar', { length: 8 })
  pair: string;
}

/** How far a conversation is in the index. */
@Entity('ai_search_marks')
export class AiSearchMark {
  @PrimaryColumn('integer')
  roomId: number;

  @Column(integer64)
  upTo: number;
}
