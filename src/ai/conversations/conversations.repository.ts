import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';

import { Entry } from '../../chat/entry.entity.js';
import { Room } from '../../chat/room.entity.js';

/** As the driver answers it: PostgreSQL's `bigint` is text. */
export interface ConversationRow {
  readonly slug: string;
  readonly title: string;
  readonly createdAt: number | string;
  readonly updatedAt: number | string;
}

/** A message that a search found, with the conversation it is in. */
export interface FoundRow extends ConversationRow {
  /** Null: the title was found. */
  readonly seq: number | string | null;
  readonly text: string | null;
}

const COLUMNS =
  'room.slug AS slug, room.title AS title, room.created_at AS "createdAt", newest.at AS "updatedAt"';

/** Conversations over the tables of rooms and their log; only those in which something was said. */
@Injectable()
export class ConversationsRepository {
  constructor(@InjectRepository(Room) private readonly rooms: Repository<Room>) {}

  /** A person's own, the last used first. */
  listOf(ownerId: string, limit: number): Promise<ConversationRow[]> {
    return this.ofOwner(ownerId).select(COLUMNS).limit(limit).getRawMany();
  }

  /** A person's own in which all of the words are in one message, or in the title. */
  search(ownerId: string, words: readonly string[], limit: number): Promise<FoundRow[]> {
    const inText = this.ofOwner(ownerId)
      .innerJoin(
        Entry,
        'entry',
        'entry.room_id = room.id AND entry.removed_by IS NULL AND entry.text IS NOT NULL',
      )
      .select(`${COLUMNS}, coalesce(entry.target, entry.seq) AS seq, entry.text AS text`)
      .addOrderBy('entry.seq', 'DESC');
    const inTitle = this.ofOwner(ownerId).select(`${COLUMNS}, NULL AS seq, NULL AS text`);
    words.forEach((word, index) => {
      const like = { [`word${index}`]: `%${word.replaceAll(/[\\%_]/g, '\\$&')}%` };
      inText.andWhere(`lower(entry.text) LIKE :word${index} ESCAPE '\\'`, like);
      inTitle.andWhere(`lower(room.title) LIKE :word${index} ESCAPE '\\'`, like);
    });
    return Promise.all([
      inTitle.limit(limit).getRawMany<FoundRow>(),
      inText.limit(limit).getRawMany<FoundRow>(),
    ]).then((found) => found.flat());
  }

  private ofOwner(ownerId: string) {
    return this.rooms
      .createQueryBuilder('room')
      .innerJoin(Entry, 'newest', 'newest.room_id = room.id AND newest.seq = room.head')
      .where(`room.owner_id = :ownerId AND room.kind = 'assistant'`, { ownerId })
      .orderBy('newest.at', 'DESC');
  }
}
