import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

import type { ActionKind, Role } from '../../protocol/views.js';
import { integer64 } from '../../database/columns.js';

/**
 * Something that staff did. Rows are only ever added: the database refuses to change or delete one. What is done in a
 * room's log is kept by the log's writer, in the transaction that does it.
 */
@Entity('actions')
@Index('actions_at', ['at'])
@Index('actions_room', ['roomId', 'at'])
export class Action {
  /** That of the entry which did it, where there is one: the same act is never kept twice. */
  @PrimaryColumn('varchar', { length: 36 })
  id: string;

  @Column(integer64)
  at: number;

  /** Null: the whole server. */
  @Column('integer', { nullable: true })
  roomId: number | null;

  @Column('varchar', { length: 32 })
  action: ActionKind;

  /** Who did it, as they stood in that place. */
  @Column('varchar', { length: 36 })
  byId: string;

  @Column('varchar', { length: 200 })
  byName: string;

  @Column('varchar', { length: 16 })
  byRole: Role;

  /** Where they did it from, as `addressKey` tells addresses apart. */
  @Column('varchar', { length: 64 })
  address: string;

  /** Whom it concerns, as they were called. */
  @Index('actions_user', { where: 'user_id IS NOT NULL' })
  @Column('varchar', { length: 36, nullable: true })
  userId: string | null;

  @Column('varchar', { length: 200, nullable: true })
  userName: string | null;

  /** The message it concerns: its seq, never its text. */
  @Column({ ...integer64, nullable: true })
  target: number | null;

  @Column('varchar', { length: 500, nullable: true })
  reason: string | null;

  /** JSON of what only this kind of act has. */
  @Column('text', { nullable: true })
  details: string | null;
}
