import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type SelectQueryBuilder } from 'typeorm';

import { Entry } from './entry.entity.js';

/** What staff removed of one person in a room, as long as its texts are kept. */
@Injectable()
export class RemovedEntriesRepository {
  constructor(@InjectRepository(Entry) private readonly entries: Repository<Entry>) {}

  /** The newest entry that keeps messages of theirs removed; what they took back themselves is none of staff's. */
  async newestRemoval(roomId: number, authorId: string): Promise<Entry | null> {
    const found = await this.removed(roomId, authorId)
      .select('entry.removedBy', 'seq')
      .innerJoin(Entry, 'removal', 'removal.roomId = entry.roomId AND removal.seq = entry.removedBy')
      .andWhere(
        `NOT (removal.event = 'message.removed' AND removal.authorId IS NOT NULL AND removal.authorId = :authorId)`,
      )
      .orderBy('entry.removedBy', 'DESC')
      .limit(1)
      .getRawOne<{ seq: number | string }>();
    return found ? this.entries.findOneBy({ roomId, seq: Number(found.seq) }) : null;
  }

  /** The messages of theirs that an entry removed, the newest first, at most `limit`. */
  async removedWith(roomId: number, authorId: string, removal: number, limit: number): Promise<number[]> {
    const found = await this.with(roomId, authorId, removal)
      .select('entry.seq', 'seq')
      .orderBy('entry.seq', 'DESC')
      .limit(limit)
      .getRawMany<{ seq: number | string }>();
    return found.map(({ seq }) => Number(seq));
  }

  countWith(roomId: number, authorId: string, removal: number): Promise<number> {
    return this.with(roomId, authorId, removal).getCount();
  }

  private with(roomId: number, authorId: string, removal: number): SelectQueryBuilder<Entry> {
    return this.removed(roomId, authorId).andWhere('entry.removedBy = :removal', { removal });
  }

  private removed(roomId: number, authorId: string): SelectQueryBuilder<Entry> {
    return this.entries
      .createQueryBuilder('entry')
      .where('entry.roomId = :roomId AND entry.removedBy IS NOT NULL AND entry.text IS NOT NULL', { roomId })
      .andWhere(`entry.authorId = :authorId AND entry.event = 'message.posted'`, { authorId });
  }
}
