import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';

import { AiGeneration } from './generation.entity.js';

/** How a run ended, for the database. */
export type GenerationEnd = Pick<
  AiGeneration,
  'status' | 'code' | 'seq' | 'deltas' | 'promptTokens' | 'completionTokens' | 'endedAt'
>;

/** Runs of the model in the database. */
@Injectable()
export class GenerationsRepository {
  constructor(@InjectRepository(AiGeneration) private readonly rows: Repository<AiGeneration>) {}

  async insert(row: AiGeneration): Promise<void> {
    await this.rows.insert(row);
  }

  /** Saves how far these runs have come; all in one statement, and so in one commit. */
  async save(rows: readonly AiGeneration[]): Promise<void> {
    await this.rows.upsert([...rows], ['id']);
  }

  /** Ends a run, if nobody else has; the text is dropped, since it is in the log or nowhere. Answers whether it did. */
  async finish(id: string, end: GenerationEnd): Promise<boolean> {
    const { affected } = await this.rows.update({ id, status: 'running' }, { ...end, text: '' });
    return affected === 1;
  }

  /** Runs that a process left behind. */
  running(): Promise<AiGeneration[]> {
    return this.rows.findBy({ status: 'running' });
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
