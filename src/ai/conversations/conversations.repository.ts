import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';

import { Entry } from '../../chat/messages/entry.entity.js';
import { Room } from '../../chat/rooms/room.entity.js';
import { pairsOf } from '../../common/pairs.js';
import { AiSearchMark } from '../search/search-index.entity.js';

/** More narrow the search no further. */
const MOST_PAIRS = 12;

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

  /**
   * A person's own in which all of the words are in one message, or in the title; the words are folded. Only conversations
   * in which the index has all of their pairs are read, and those that it does not have to the end.
   */
  search(ownerId: string, words: readonly string[], limit: number): Promise<FoundRow[]> {
    const folded = this.folded();
    const pairs = words.flatMap((word) => [...pairsOf(word)]).slice(0, MOST_PAIRS);
    const hasAll = pairs.map(
      (_, index) =>
        `EXISTS (SELECT 1 FROM ai_search_pairs p WHERE p.room_id = room.id AND p.pair = :pair${index})`,
    );
    const inText = this.ofOwner(ownerId)
      .innerJoin(
        Entry,
        'entry',
        'entry.room_id = room.id AND entry.removed_by IS NULL AND entry.text IS NOT NULL',
      )
      .select(`${COLUMNS}, coalesce(entry.target, entry.seq) AS seq, entry.text AS text`)
      .addOrderBy('entry.seq', 'DESC');
    if (pairs.length > 0) {
      inText
        .leftJoin(AiSearchMark, 'mark', 'mark.room_id = room.id')
        .andWhere(`(coalesce(mark.up_to, 0) < room.head OR (${hasAll.join(' AND ')}))`)
        .setParameters(Object.fromEntries(pairs.map((pair, index) => [`pair${index}`, pair])));
    }
    const inTitle = this.ofOwner(ownerId).select(`${COLUMNS}, NULL AS seq, NULL AS text`);
    words.forEach((word, index) => {
      const like = { [`word${index}`]: `%${word.replaceAll(/[\\%_]/g, '\\$&')}%` };
      inText.andWhere(`${folded('entry.text')} LIKE :word${index} ESCAPE '\\'`, like);
      inTitle.andWhere(`${folded('room.title')} LIKE :word${index} ESCAPE '\\'`, like);
    });
    return Promise.all([
      inTitle.limit(limit).getRawMany<FoundRow>(),
      inText.limit(limit).getRawMany<FoundRow>(),
    ]).then((found) => found.flat());
  }

  /** SQL for a column as `fold` makes it. */
  private folded(): (column: string) => string {
    const isPostgres = this.rooms.manager.dataSource.options.type === 'postgres';
    return (column) => (isPostgres ? `lower(normalize(${column}, NFKC))` : `fold(${column})`);
  }

  private ofOwner(ownerId: string) {
    return this.rooms
      .createQueryBuilder('room')
      .innerJoin(Entry, 'newest', 'newest.room_id = room.id AND newest.seq = room.head')
      .where(`room.owner_id = :ownerId AND room.kind = 'assistant'`, { ownerId })
      .orderBy('newest.at', 'DESC');
  }
}
