import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

import type { RoomKind } from '../../protocol/views.js';
import { integer64 } from '../../database/columns.js';

@Entity('rooms')
export class Room {
  @PrimaryGeneratedColumn('increment', { type: 'integer' })
  id: number;

  @Index('rooms_slug', { unique: true })
  @Column('varchar', { length: 64 })
  slug: string;

  @Column('varchar', { length: 200 })
  title: string;

  @Column('varchar', { length: 16 })
  kind: RoomKind;

  /** Whose conversation it is; null for rooms that are everybody's. */
  @Index('rooms_owner_id')
  @Column('varchar', { length: 36, nullable: true })
  ownerId: string | null;

  /** JSON of what was set; `room-settings.ts` fills in the defaults. */
  @Column('text', { default: '{}' })
  settings: string;

  @Column('varchar', { length: 500, nullable: true })
  embed: string | null;

  @Column('boolean')
  archived: boolean;

  /** Names the log: another epoch means another history. */
  @Column('varchar', { length: 36 })
  epoch: string;

  /** The newest committed seq; 0 in a room without entries. Only the log's writer changes it. */
  @Column({ ...integer64, default: 0 })
  head: number;

  /** The oldest seq that is still kept. */
  @Column({ ...integer64, default: 1 })
  first: number;

  /** The entry that pinned the message on top; null: nothing is. Only the log's writer changes it, and `cleared`. */
  @Column({ ...integer64, nullable: true })
  pinned: number | null;

  /** Up to here every message is removed. */
  @Column({ ...integer64, default: 0 })
  cleared: number;

  @Column(integer64)
  createdAt: number;
}
