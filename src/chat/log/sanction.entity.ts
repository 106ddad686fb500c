import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

import type { SanctionAction } from '../../protocol/views.js';
import { integer64 } from '../../database/columns.js';

/**
 * A time-out, a ban, or that somebody is hidden. The log's writer adds and ends them together with their entries, under the lock, and reads them
 * there before it takes anything from anybody.
 */
@Entity('sanctions')
@Index('sanctions_room', ['roomId', 'at'])
export class Sanction {
  @PrimaryColumn('varchar', { length: 36 })
  id: string;

  /** Null: the whole server. */
  @Column('integer', { nullable: true })
  roomId: number | null;

  @Index('sanctions_in_force', { where: 'lifted_at IS NULL' })
  @Column('varchar', { length: 36 })
  userId: string;

  /** The names as they stood. */
  @Column('varchar', { length: 200 })
  userName: string;

  @Column('varchar', { length: 16 })
  action: SanctionAction;

  @Column('varchar', { length: 500, nullable: true })
  reason: string | null;

  @Column('varchar', { length: 36 })
  byId: string;

  @Column('varchar', { length: 200 })
  byName: string;

  @Column(integer64)
  at: number;

  /** When it ends by itself; null: it does not. */
  @Column({ ...integer64, nullable: true })
  until: number | null;

  /** When somebody ended it, or another took its place. */
  @Column({ ...integer64, nullable: true })
  liftedAt: number | null;

  @Column('varchar', { length: 36, nullable: true })
  liftedBy: string | null;
}
