import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

import type { MessageKind } from '../../protocol/frames.js';
import type { Role } from '../../protocol/views.js';
import { integer64 } from '../../database/columns.js';

/** How an entry is stored: `event` is its name on the wire, except that withholding is decided when it is shown. */
export type StoredEvent =
  | 'message.posted'
  | 'message.removed'
  | 'message.changed'
  | 'message.restored'
  | 'room.changed'
  | 'room.pinned'
  | 'room.unpinned'
  | 'room.poll-opened'
  | 'room.poll-closed'
  | 'room.cleared'
  | 'user.sanctioned'
  | 'user.role-changed'
  | 'user.deleted';

/** What is neither said nor edited: little, and found by an index. The same words for every query that is to use it. */
export const ACTS_SQL = `event NOT IN ('message.posted', 'message.changed')`;

/**
 * One place of a room's log. Rows are only ever added; `removedBy` is the one column that changes, the text of what has
 * been removed for long is erased, and who deleted their account is named no more.
 */
@Entity('entries')
@Index('entries_nonce', ['roomId', 'authorId', 'nonce'], { unique: true, where: 'nonce IS NOT NULL' })
@Index('entries_removed', ['roomId', 'removedBy'], { where: 'removed_by IS NOT NULL AND text IS NOT NULL' })
@Index('entries_acts', ['roomId'], { where: ACTS_SQL })
@Index('entries_target', ['roomId', 'target'], { where: 'target IS NOT NULL' })
export class Entry {
  @PrimaryColumn('integer')
  roomId: number;

  @PrimaryColumn(integer64)
  seq: number;

  @Column('varchar', { length: 36 })
  id: string;

  @Column('varchar', { length: 32 })
  event: StoredEvent;

  @Column('varchar', { length: 16, nullable: true })
  kind: MessageKind | null;

  /** Who did it; null: the server, or an account that was deleted. */
  @Column('varchar', { length: 36, nullable: true })
  authorId: string | null;

  /** The author's nickname and role as they stood: the log reads the same for ever. */
  @Column('varchar', { length: 200, nullable: true })
  authorName: string | null;

  @Column('varchar', { length: 16, nullable: true })
  authorRole: Role | 'ai' | 'guest' | null;

  @Column('varchar', { length: 64, nullable: true })
  nonce: string | null;

  @Column('text', { nullable: true })
  text: string | null;

  @Column({ ...integer64, nullable: true })
  replyTo: number | null;

  /** The seq this entry removes, changes or restores. */
  @Column({ ...integer64, nullable: true })
  target: number | null;

  /** JSON of what only this kind of event has. */
  @Column('text', { nullable: true })
  data: string | null;

  /** Null: everybody; otherwise only they see it, and others its withheld place. */
  @Column('varchar', { length: 16, nullable: true })
  audience: 'staff' | 'author' | null;

  /** On what has a message's text: the seq of the entry that removed it. The text is then sent to no viewer. */
  @Column({ ...integer64, nullable: true })
  removedBy: number | null;

  @Column(integer64)
  at: number;
}
