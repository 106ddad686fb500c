import { Entity, PrimaryColumn } from 'typeorm';

/**
 * Somewhere in this block of a room's log, two characters stand beside each other. Nothing more is kept: what is found is read
 * from the log itself, so that an edit, a removal or a withheld place needs no care here.
 */
@Entity('search_pairs')
export class SearchPair {
  @PrimaryColumn('integer')
  roomId: number;

  @PrimaryColumn('varchar', { length: 8 })
  pair: string;

  @PrimaryColumn('integer')
  block: number;
}
