import { Column, Entity, PrimaryColumn } from 'typeorm';

import { integer64 } from '../../database/columns.js';

/** When somebody last posted in a room with slow mode. */
@Entity('slow_posts')
export class SlowPost {
  @PrimaryColumn('integer')
  roomId: number;

  @PrimaryColumn('varchar', { length: 36 })
  userId: string;

  @Column(integer64)
  at: number;
}
