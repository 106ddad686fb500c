import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, LessThan, type Repository } from 'typeorm';

import { Entry } from '../messages/entry.entity.js';
import { SearchCursor } from './search-cursor.entity.js';
import { SearchPair } from './search-pair.entity.js';

/** A text of the log: of a message, or of an edit of it. */
export interface Said {
  readonly seq: number;
  /** The message it is of. */
  readonly message: number;
  readonly text: string;
}

/** Rows in one statement: its parameters are bounded on both engines. */
const CHUNK = 250;

/** The index of pairs, and the texts it leads to. */
@Injectable()
export class SearchRepository {
  constructor(
    @InjectRepository(SearchPair) private readonly pairs: Repository<SearchPair>,
    @InjectRepository(SearchCursor) private readonly cursors: Repository<SearchCursor>,
    @InjectRepository(Entry) private readonly entries: Repository<Entry>,
  ) {}

  /** Up to which block the room is in the index. */
  async indexedTo(roomId: number): Promise<number> {
    return (await this.cursors.findOneBy({ roomId }))?.block ?? 0;
  }

  /** Puts a block into the index; nothing happens where another node has done so. */
  async add(roomId: number, block: number, pairs: readonly string[]): Promise<void> {
    for (let from = 0; from < pairs.length; from += CHUNK) {
      const rows = pairs.slice(from, from + CHUNK).map((pair) => ({ roomId, pair, block }));
      await this.pairs.createQueryBuilder().insert().values(rows).orIgnore().execute();
    }
    await this.cursors.upsert({ roomId, block: block + 1 }, ['roomId']);
  }

  /** The newest blocks below one in which all the pairs stand. */
  async blocksWith(
    roomId: number,
    pairs: readonly string[],
    below: number,
    limit: number,
  ): Promise<number[]> {
    const rows = await this.pairs
      .createQueryBuilder('pair')
      .select('pair.block', 'block')
      .where({ roomId, pair: In([...pairs]), block: LessThan(below) })
      .groupBy('pair.block')
      .having('count(*) = :count', { count: pairs.length })
      .orderBy('pair.block', 'DESC')
      .limit(limit)
      .getRawMany<{ block: number | string }>();
    return rows.map(({ block }) => Number(block));
  }

  /** What was said from one seq to before another and is not removed, the newest first. */
  said(roomId: number, from: number, before: number): Promise<Said[]> {
    return this.texts(roomId, from, before, 'AND entry.removed_by IS NULL');
  }

  /** The same with what is removed: staff may bring it back, and the index does not change by then. */
  saidOnce(roomId: number, from: number, before: number): Promise<Said[]> {
    return this.texts(roomId, from, before, '');
  }

  private async texts(roomId: number, from: number, before: number, unless: string): Promise<Said[]> {
    const rows = await this.entries
      .createQueryBuilder('entry')
      .select('entry.seq', 'seq')
      .addSelect('entry.target', 'target')
      .addSelect('entry.text', 'text')
      .where('entry.room_id = :roomId AND entry.seq >= :from AND entry.seq < :before', {
        roomId,
        from,
        before,
      })
      .andWhere(`entry.text IS NOT NULL ${unless}`)
      .orderBy('entry.seq', 'DESC')
      .getRawMany<{ seq: number | string; target: number | string | null; text: string }>();
    return rows.map(({ seq, target, text }) => ({ seq: Number(seq), message: Number(target ?? seq), text }));
  }

  /** Messages with their edits, ascending. */
  about(roomId: number, seqs: readonly number[]): Promise<Entry[]> {
    return this.entries.find({
      where: [
        { roomId, seq: In([...seqs]) },
        { roomId, target: In([...seqs]) },
      ],
      order: { seq: 'ASC' },
    });
  }

  /** Forgets the blocks that the log no longer has. */
  async forgetBelow(roomId: number, block: number): Promise<void> {
    await this.pairs.delete({ roomId, block: LessThan(block) });
  }
}
