import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';

import { Room } from '../../chat/rooms/room.entity.js';
import { AiSearchMark, AiSearchPair } from './search-index.entity.js';

/** A conversation, and how far it is in the index. */
export interface Unread {
  readonly roomId: number;
  readonly upTo: number;
}

/** The index of character pairs in the database. */
@Injectable()
export class SearchIndexRepository {
  constructor(
    @InjectRepository(AiSearchPair) private readonly pairs: Repository<AiSearchPair>,
    @InjectRepository(AiSearchMark) private readonly marks: Repository<AiSearchMark>,
    @InjectRepository(Room) private readonly rooms: Repository<Room>,
  ) {}

  /** A person's conversations that are not in the index to their newest entry, the newest first. */
  async behind(ownerId: string, limit: number): Promise<Unread[]> {
    const rows: { roomId: number; upTo: number | string }[] = await this.rooms
      .createQueryBuilder('room')
      .leftJoin(AiSearchMark, 'mark', 'mark.room_id = room.id')
      .where(`room.owner_id = :ownerId AND room.kind = 'assistant'`, { ownerId })
      .andWhere('coalesce(mark.up_to, 0) < room.head')
      .select('room.id AS "roomId", coalesce(mark.up_to, 0) AS "upTo"')
      .orderBy('room.id', 'DESC')
      .limit(limit)
      .getRawMany();
    return rows.map(({ roomId, upTo }) => ({ roomId, upTo: Number(upTo) }));
  }

  /** Adds the pairs of a conversation up to an entry; nothing when it has been deleted meanwhile. */
  async add(roomId: number, pairs: readonly string[], upTo: number): Promise<void> {
    const { driver } = this.pairs.manager.dataSource;
    const [value, room] = [driver.createParameter('', 0), driver.createParameter('', 1)];
    const listed =
      driver.options.type === 'postgres' ? `json_array_elements_text(${value}::json)` : `json_each(${value})`;
    await this.pairs.query(
      `INSERT INTO ai_search_pairs (room_id, pair)
       SELECT rooms.id, listed.value FROM ${listed} AS listed CROSS JOIN rooms WHERE rooms.id = ${room}
       ON CONFLICT (room_id, pair) DO NOTHING`,
      [JSON.stringify(pairs), roomId],
    );
    await this.marks.query(
      `INSERT INTO ai_search_marks (room_id, up_to)
       SELECT id, CAST(${value} AS bigint) FROM rooms WHERE id = ${room}
       ON CONFLICT (room_id) DO UPDATE SET up_to = excluded.up_to`,
      [upTo, roomId],
    );
  }

  /** A deleted conversation leaves nothing here. */
  async forget(roomId: number): Promise<void> {
    await this.pairs.delete({ roomId });
    await this.marks.delete({ roomId });
  }
}
