import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, LessThanOrEqual, MoreThanOrEqual, Repository } from 'typeorm';

import { AiReading } from './reading.entity.js';

export type ReadingKey = Pick<AiReading, 'roomId' | 'kind' | 'fromSeq' | 'upTo' | 'locale'>;

/** Translations and summaries in the database. */
@Injectable()
export class ReadingsRepository {
  constructor(@InjectRepository(AiReading) private readonly rows: Repository<AiReading>) {}

  find({ roomId, kind, fromSeq, upTo, locale }: ReadingKey): Promise<AiReading | null> {
    return this.rows.findOneBy({ roomId, kind, fromSeq, upTo, locale });
  }

  async save(row: AiReading): Promise<void> {
    await this.rows.upsert(row, ['roomId', 'kind', 'fromSeq', 'upTo', 'locale']);
  }

  /** Deletes all that was made from any message of this stretch. */
  async forget(roomId: number, from: number, upTo: number): Promise<void> {
    await this.rows.delete({ roomId, fromSeq: LessThanOrEqual(upTo), upTo: MoreThanOrEqual(from) });
  }

  async deleteOlderThan(at: number): Promise<void> {
    await this.rows.delete({ madeAt: LessThan(at) });
  }
}
