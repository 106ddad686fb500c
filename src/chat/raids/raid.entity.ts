import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

import { integer64 } from '../../database/columns.js';

/** The viewers of a room are led, or were led today, to another one. */
@Entity('raids')
@Index('raids_going', ['roomId'], { unique: true, where: 'closed_at IS NULL' })
@Index('raids_untold', ['endsAt'], { where: 'told_at IS NULL' })
export class Raid {
  @PrimaryColumn('varchar', { length: 36 })
  id: string;

  @Column('integer')
  roomId: number;

  @Column('integer')
  targetId: number;

  /** When the time is up. */
  @Column(integer64)
  endsAt: number;

  /** When it was over. A room has one at most without it, whatever nodes are asked to start one. */
  @Column({ ...integer64, nullable: true })
  closedAt: number | null;

  /** Staff ended it before the time was up. */
  @Column('boolean')
  stopped: boolean;

  /** When the other room had been told who came. */
  @Column({ ...integer64, nullable: true })
  toldAt: number | null;
}
