import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

import { integer64 } from '../../database/columns.js';

/**
 * Words of staff to somebody in a room. Until they have said that they read them, the log's writer takes nothing new from
 * them there: it looks under the lock, so that this holds on every node.
 */
@Entity('warnings')
@Index('warnings_person', ['userId', 'roomId', 'at'])
@Index('warnings_open', ['userId', 'roomId'], { where: 'acknowledged_at IS NULL' })
export class Warning {
  @PrimaryColumn('varchar', { length: 36 })
  id: string;

  @Column('integer')
  roomId: number;

  @Column('varchar', { length: 36 })
  userId: string;

  /** The names as they stood. */
  @Column('varchar', { length: 200 })
  userName: string;

  @Column('varchar', { length: 500 })
  reason: string;

  @Column('varchar', { length: 36 })
  byId: string;

  @Column('varchar', { length: 200 })
  byName: string;

  @Column(integer64)
  at: number;

  @Column({ ...integer64, nullable: true })
  acknowledgedAt: number | null;
}
