import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

import type { AiStatus } from '../../protocol/frames.js';
import { integer64 } from '../../database/columns.js';

/** One run of the model, from before its question is stored. While it runs its text is saved here every second; then the text is an entry of the log. */
@Entity('ai_generations')
@Index('ai_generations_message', ['roomId', 'messageId'])
@Index('ai_generations_question', ['roomId', 'replyTo'])
@Index('ai_generations_open', ['status'], { where: "status IN ('queued', 'running')" })
export class AiGeneration {
  @PrimaryColumn('varchar', { length: 36 })
  id: string;

  @Column('integer')
  roomId: number;

  /** The id of the message it writes, empty until the question is stored; several runs may write at one. */
  @Column('varchar', { length: 36 })
  messageId: string;

  /** Who asked, and pays. */
  @Column('varchar', { length: 36 })
  requesterId: string;

  /** The nonce of the question that is stored after this row; null: it was there before. */
  @Column('varchar', { length: 64, nullable: true })
  nonce: string | null;

  /** The seq of the question; 0 until it is stored. */
  @Column(integer64)
  replyTo: number;

  /** The seq of the message that this run goes on with; null: it writes a new one. */
  @Column({ ...integer64, nullable: true })
  target: number | null;

  @Column('varchar', { length: 200 })
  model: string;

  @Column('varchar', { length: 16 })
  status: AiStatus | 'running' | 'queued';

  @Column('varchar', { length: 32, nullable: true })
  code: string | null;

  /** The seq of the entry that it ended in. */
  @Column({ ...integer64, nullable: true })
  seq: number | null;

  /** What there is so far; empty once it is in the log. */
  @Column('text', { default: '' })
  text: string;

  /** The number of the last delta. */
  @Column('integer', { default: 0 })
  deltas: number;

  /** The day (UTC) and the tokens that were set aside for it. */
  @Column('varchar', { length: 10 })
  day: string;

  @Column('integer')
  reserved: number;

  @Column('integer', { nullable: true })
  promptTokens: number | null;

  @Column('integer', { nullable: true })
  completionTokens: number | null;

  @Column(integer64)
  startedAt: number;

  @Column(integer64)
  heartbeatAt: number;

  @Column({ ...integer64, nullable: true })
  endedAt: number | null;
}

/** How a run stands, for people: whoever waits for their turn waits for an answer. */
export function stateOf({ status }: AiGeneration): AiStatus | 'running' {
  return status === 'queued' ? 'running' : status;
}
