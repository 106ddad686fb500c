import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

import type { ReportOutcome, ReportReason } from '../../protocol/views.js';
import { integer64 } from '../../database/columns.js';

/** What one person told the staff of a room about one message: once each, and never shown to whoever wrote it. */
@Entity('reports')
@Index('reports_once', ['roomId', 'target', 'byId'], { unique: true })
@Index('reports_open', ['roomId', 'at'], { where: `status = 'open'` })
export class Report {
  @PrimaryColumn('varchar', { length: 36 })
  id: string;

  @Column('integer')
  roomId: number;

  /** The seq of the message. */
  @Column(integer64)
  target: number;

  /** Who wrote the message, as they were called. */
  @Column('varchar', { length: 36 })
  authorId: string;

  @Column('varchar', { length: 200 })
  authorName: string;

  @Column('varchar', { length: 36 })
  byId: string;

  @Column('varchar', { length: 200 })
  byName: string;

  @Column('varchar', { length: 16 })
  reason: ReportReason;

  @Column('varchar', { length: 500, nullable: true })
  words: string | null;

  /** Of the AI: how sure it is, in percent. */
  @Column('integer', { nullable: true })
  score: number | null;

  /** How the message read then: an edit does not hide what was reported. Null once it is settled. */
  @Column('text', { nullable: true })
  text: string | null;

  @Column(integer64)
  at: number;

  @Column('varchar', { length: 16 })
  status: 'open' | ReportOutcome;

  @Column({ ...integer64, nullable: true })
  settledAt: number | null;
}
