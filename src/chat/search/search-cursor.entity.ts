import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far a room's log is in the index. */
@Entity('search_cursors')
export class SearchCursor {
  @PrimaryColumn('integer')
  roomId: number;

  /** All blocks below this one. */
  @Column('integer')
  block: number;
}
