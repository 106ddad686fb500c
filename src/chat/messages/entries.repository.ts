import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, LessThan, LessThanOrEqual, MoreThan, MoreThanOrEqual, Not, Repository } from 'typeorm';

import { queryPrepared } from '../../database/prepared.js';
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
  async findByNonce(roomId: number, authorId: string, nonce: string): Promise<Entry | null> {
    const [found] = await queryPrepared<{ seq: number | string }>(
      this.entries.manager,
      (at) =>
        `SELECT seq FROM entries WHERE room_id = ${at(0)} AND author_id = ${at(1)} AND nonce = ${at(2)}`,
      [roomId, authorId, nonce],
    );
    return found ? this.findOne(roomId, Number(found.seq)) : null;
  }

  /** What a person said in a room, ascending from after a seq. */
  saidBy(roomId: number, authorId: string, after: number, limit: number): Promise<Entry[]> {
    return this.entries.find({
      where: { roomId, authorId, nonce: Not(IsNull()), event: 'message.posted', seq: MoreThan(after) },
      order: { seq: 'ASC' },
      take: limit,
    });
  }

  /** What a person said last in a room, from after a seq; the newest first. */
  newestBy(roomId: number, authorId: string, after: number, limit: number): Promise<Entry[]> {
    return (
      this.entries
        .createQueryBuilder('entry')
        .where(`entry.roomId = :roomId AND entry.seq > :after AND entry.event = 'message.posted'`, {
          roomId,
          after,
        })
        // Not by an index: it would find all that they ever said, to be sorted. The stretch is walked from its end.
        .andWhere(`entry.authorId || '' = :authorId`, { authorId })
        .orderBy('entry.seq', 'DESC')
        .take(limit)
        .getMany()
    );
  }

  /** The ids of guests who said something in a room, from after a seq. */
  async guestsSaying(roomId: number, after: number, most: number): Promise<string[]> {
    const found = await this.entries
      .createQueryBuilder('entry')
      .select('entry.authorId', 'id')
      .distinct(true)
      .where({ roomId, seq: MoreThan(after), event: 'message.posted', authorRole: 'guest' })
      .andWhere('entry.authorId IS NOT NULL')
      .limit(most)
      .getRawMany<{ id: string }>();
    return found.map(({ id }) => id);
  }

  findOne(roomId: number, seq: number): Promise<Entry | null> {
    return this.entries.findOneBy({ roomId, seq });
  }

  /** Those of the entries that there are, by seq. */
  async findMany(roomId: number, seqs: readonly number[]): Promise<Map<number, Entry>> {
    const found = await this.entries.findBy({ roomId, seq: In(seqs) });
    return new Map(found.map((entry) => [entry.seq, entry]));
  }

  /** How many messages of people there are after a seq; no more than `most` are counted. */
  async countSaid(roomId: number, after: number, most: number): Promise<number> {
    const found = await this.entries.find({
      select: { seq: true },
      where: { roomId, seq: MoreThan(after), event: 'message.posted', kind: In(['chat', 'admin']) },
      order: { seq: 'ASC' },
      take: most,
    });
    return found.length;
  }

  /** A message, and the edits and removals of it, ascending. */
  about(roomId: number, seq: number): Promise<Entry[]> {
    return this.entries.find({
      where: [
        { roomId, seq },
        { roomId, target: seq },
      ],
      order: { seq: 'ASC' },
    });
  }

  /** What the texts of these messages are now, where they were changed and that was not removed. */
  async lastEdits(roomId: number, targets: readonly number[]): Promise<Map<number, string>> {
    const changes = await this.entries.find({
      select: { target: true, text: true },
      where: { roomId, target: In(targets), event: 'message.changed', removedBy: IsNull() },
      order: { seq: 'ASC' },
    });
    return new Map(changes.map(({ target, text }) => [target!, text!]));
  }

  /** The newest entry that is at least as old as a time; null when all are younger, or there are none. */
  newestBefore(roomId: number, at: number): Promise<Entry | null> {
    return this.entries.findOne({ where: { roomId, at: LessThanOrEqual(at) }, order: { seq: 'DESC' } });
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

  /** The newest removal before a time whose texts are still there; null when there is none. */
  async newestRemovalBefore(roomId: number, at: number): Promise<number | null> {
    const found = await this.removed(roomId)
      .select('entry.removedBy', 'seq')
      .innerJoin(Entry, 'removal', 'removal.roomId = entry.roomId AND removal.seq = entry.removedBy')
      .andWhere('removal.at < :at', { at })
      .orderBy('entry.removedBy', 'DESC')
      .limit(1)
      .getRawOne<{ seq: number }>();
    return found?.seq ?? null;
  }

  /** Erases up to `limit` texts that were removed by this entry or before it; answers how many there were. */
  async eraseRemoved(roomId: number, removal: number, limit: number): Promise<number> {
    const found = await this.removed(roomId)
      .select('entry.seq', 'seq')
      .andWhere('entry.removedBy <= :removal', { removal })
      .limit(limit)
      .getRawMany<{ seq: number }>();
    const seqs = found.map(({ seq }) => seq);
    await this.entries.update({ roomId, seq: In(seqs) }, { text: null });
    return seqs.length;
  }

  private removed(roomId: number) {
    return this.entries
      .createQueryBuilder('entry')
      .where('entry.roomId = :roomId AND entry.removedBy IS NOT NULL AND entry.text IS NOT NULL', { roomId });
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
