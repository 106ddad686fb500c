import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';

import { executeUnsynced, queryUnsynced } from '../../database/unsynced.js';
import { AiGeneration } from './generation.entity.js';

/** Waiting for their turn, or being written. */
const OPEN: AiGeneration['status'][] = ['queued', 'running'];

/** The columns that change while a run goes on. */
const GROWING = ['message_id', 'reply_to', 'target', 'status', 'text', 'deltas', 'heartbeat_at'];

/** How a run ended, for the database. */
export type GenerationEnd = Pick<
  AiGeneration,
  | 'messageId'
  | 'replyTo'
  | 'status'
  | 'code'
  | 'seq'
  | 'deltas'
  | 'promptTokens'
  | 'completionTokens'
  | 'endedAt'
>;

/** Runs of the model in the database. */
@Injectable()
export class GenerationsRepository {
  constructor(@InjectRepository(AiGeneration) private readonly rows: Repository<AiGeneration>) {}

  async insert(row: AiGeneration): Promise<void> {
    const { columns } = this.rows.metadata;
    const { driver } = this.rows.manager.dataSource;
    const places = columns.map((_, index) => driver.createParameter('', index));
    await queryUnsynced(
      this.rows.manager,
      `INSERT INTO ai_generations (${columns.map(({ databaseName }) => databaseName).join(', ')})
       VALUES (${places.join(', ')}) RETURNING id`,
      columns.map((column) => column.getEntityValue(row)),
    );
  }

  /** Saves how far these runs have come, those that nobody has ended; all in one statement, and so in one commit. */
  async save(rows: readonly AiGeneration[]): Promise<void> {
    await executeUnsynced(
      this.rows
        // PostgreSQL is told the alias, SQLite is not: with the table's own name the condition holds on both.
        .createQueryBuilder('ai_generations')
        .insert()
        .values([...rows])
        .orUpdate(GROWING, ['id'], {
          overwriteCondition: { where: `ai_generations.status IN ('queued', 'running')` },
        }),
    );
  }

  /** Ends a run, if nobody else has; the text is dropped, since it is in the log or nowhere. Answers whether it did. */
  async finish(id: string, end: GenerationEnd): Promise<boolean> {
    const ended = await executeUnsynced(
      this.rows
        .createQueryBuilder()
        .update()
        .set({ ...end, text: '' })
        .where({ id, status: In(OPEN) }),
    );
    return ended === 1;
  }

  /** Forgets a run that came to nothing before it began. Answers whether it was there, and not ended by somebody else. */
  async discard(id: string): Promise<boolean> {
    const gone = await executeUnsynced(
      this.rows
        .createQueryBuilder()
        .delete()
        .where({ id, status: In(OPEN) }),
    );
    return gone === 1;
  }

  /** Runs that a process left behind. */
  open(): Promise<AiGeneration[]> {
    return this.rows.findBy({ status: In(OPEN) });
  }

  /** The newest run at a message. */
  ofMessage(roomId: number, messageId: string): Promise<AiGeneration | null> {
    return this.rows.findOne({ where: { roomId, messageId }, order: { startedAt: 'DESC' } });
  }

  /** The newest run at an answer to a question. */
  ofQuestion(roomId: number, replyTo: number): Promise<AiGeneration | null> {
    return this.rows.findOne({ where: { roomId, replyTo }, order: { startedAt: 'DESC' } });
  }

  async deleteOfRoom(roomId: number): Promise<void> {
    await this.rows.delete({ roomId });
  }
}
