import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

import { integer64 } from '../../database/columns.js';

/** An event of a room: the stretch of its log from `firstSeq` to `lastSeq`. */
@Entity('event_sessions')
@Index('event_sessions_unfinished', ['roomId'], { unique: true, where: 'last_seq IS NULL' })
@Index('event_sessions_room', ['roomId', 'startedAt'])
export class EventSession {
  @PrimaryColumn('varchar', { length: 36 })
  id: string;

  @Column('integer')
  roomId: number;

  @Column('varchar', { length: 200 })
  title: string;

  @Column(integer64)
  startedAt: number;

  /** Null while it goes on. */
  @Column({ ...integer64, nullable: true })
  endedAt: number | null;

  /** The entry that says it began; null until that is written. */
  @Column({ ...integer64, nullable: true })
  firstSeq: number | null;

  /** The entry that says it ended. A room has one session at most without it, whatever nodes are asked to start one. */
  @Column({ ...integer64, nullable: true })
  lastSeq: number | null;
}
