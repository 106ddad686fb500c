import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, MoreThanOrEqual, Repository } from 'typeorm';

import { Entry } from './entry.entity.js';

/** The log's reading side. Every query walks the primary key (room, seq), however deep the page is. */
@Injectable()
export class EntriesRepository {
  constructor(@InjectRepository(Entry) private readonly entries: Repository<Entry>) {}

  /** Ascending from `from`, at most `limit`. */
  from(roomId: number, from: number, limit: number): Promise<Entry[]> {
    return this.entries.find({
      where: { roomId, seq: MoreThanOrEqual(from) },
      order: { seq: 'ASC' },
      take: limit,
    });
  }

  /** The newest `limit` below `before`, ascending. */
  async before(roomId: number, before: number, limit: number): Promise<Entry[]> {
    const newestFirst = await this.entries.find({
      where: { roomId, seq: LessThan(before) },
      order: { seq: 'DESC' },
      take: limit,
    });
    return newestFirst.toReversed();
  }

  /** The entry that a nonce already made, if any. */
  findByNonce(roomId: number, authorId: string, nonce: string): Promise<Entry | null> {
    return this.entries.findOneBy({ roomId, authorId, nonce });
  }

  findOne(roomId: number, seq: number): Promise<Entry | null> {
    return this.entries.findOneBy({ roomId, seq });
  }

  /** The first entry at or after a time; null when all are older. */
  async firstSince(roomId: number, at: number): Promise<number | null> {
    const found = await this.entries.findOne({
      select: { seq: true },
      where: { roomId, at: MoreThanOrEqual(at) },
      order: { seq: 'ASC' },
    });
    return found?.seq ?? null;
  }

  /** Deletes up to `limit` of the oldest entries below a seq; answers how many there were. */
  async deleteBelow(roomId: number, seq: number, limit: number): Promise<number> {
    const oldest = await this.entries.find({
      select: { seq: true },
      where: { roomId, seq: LessThan(seq) },
      order: { seq: 'ASC' },
      take: limit,
    });
    const last = oldest.at(-1);
    if (!last) {
      return 0;
    }
    await this.entries.delete({ roomId, seq: LessThan(last.seq + 1) });
    return oldest.length;
  }
}
