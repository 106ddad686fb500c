import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

import type { ReportReason, Role } from '../../protocol/views.js';
import { integer64 } from '../../database/columns.js';

/** Where a held message is: waiting, in the log, or never to be there. */
export type HeldStatus = 'held' | 'approved' | 'denied' | 'expired' | 'dropped';

/**
 * A message that waits for staff. It is in no log: only they read it, and once it is settled its text is gone from here.
 * The log's writer adds and settles them under the lock of the room.
 */
@Entity('held_messages')
@Index('held_messages_nonce', ['roomId', 'userId', 'nonce'], { unique: true })
@Index('held_messages_waiting', ['roomId', 'at'], { where: `status = 'held'` })
export class HeldMessage {
  /** The id that the message has once it is posted. */
  @PrimaryColumn('varchar', { length: 36 })
  id: string;

  @Column('integer')
  roomId: number;

  @Column('varchar', { length: 36 })
  userId: string;

  @Column('varchar', { length: 200 })
  userName: string;

  @Column('varchar', { length: 16 })
  userRole: Role | 'guest';

  @Column('varchar', { length: 64 })
  nonce: string;

  /** Null once it is settled. */
  @Column('text', { nullable: true })
  text: string | null;

  @Column({ ...integer64, nullable: true })
  replyTo: number | null;

  /** What it waits for; `check`: a look at it by the AI, and for staff only when that has said so. */
  @Column('varchar', { length: 16 })
  why: 'mode' | 'term' | 'check' | 'ai' | 'unchecked';

  /** With `ai`: why, and how sure it is, in percent. */
  @Column('varchar', { length: 16, nullable: true })
  reason: ReportReason | null;

  @Column('integer', { nullable: true })
  score: number | null;

  @Column(integer64)
  at: number;

  @Column('varchar', { length: 16 })
  status: HeldStatus;

  @Column({ ...integer64, nullable: true })
  settledAt: number | null;

  /** Its place in the log, once it is posted. */
  @Column({ ...integer64, nullable: true })
  seq: number | null;
}
