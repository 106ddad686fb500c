import { randomUUID } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import type { ConversationView } from '../../protocol/views.js';
import { DomainError } from '../../common/errors.js';
import type { Account, Viewer } from '../../common/viewer.js';
import { EntriesRepository } from '../../chat/messages/entries.repository.js';
import type { Entry } from '../../chat/messages/entry.entity.js';
import { HistoryService } from '../../chat/messages/history.service.js';
import { LiveRooms } from '../../chat/rooms/live-rooms.js';
import { LogWriter } from '../../chat/log/log.writer.js';
import type { Room } from '../../chat/rooms/room.entity.js';
import { RoomsRepository } from '../../chat/rooms/rooms.repository.js';
import { RoomsService } from '../../chat/rooms/rooms.service.js';
import type { AiGeneration } from '../generation/generation.entity.js';
import { GenerationsRepository } from '../generation/generations.repository.js';
import { GenerationsService } from '../generation/generations.service.js';
import { turnsIn } from '../prompt/past.js';
import { turnsOf } from '../prompt/turns.js';
import { fold } from '../../common/pairs.js';
import { SearchIndex } from '../search/search-index.js';
import { SearchIndexRepository } from '../search/search-index.repository.js';
import { asJson, asMarkdown, presentConversation, presentFound } from './conversation.presenter.js';
import { ConversationsRepository } from './conversations.repository.js';

const LISTED = 200;
const FOUND = 100;
const WORDS = 8;
const CHUNK = 500;
/** Entries from the end in which the newest message is. */
const NEWEST = 50;

type RunStatus = AiGeneration['status'];

/** A person's own conversations with the AI. Another's are `not-found`, whatever is asked of them. */
@Injectable()
export class ConversationsService {
  constructor(
    private readonly conversations: ConversationsRepository,
    private readonly rooms: RoomsService,
    private readonly rows: RoomsRepository,
    private readonly live: LiveRooms,
    private readonly log: LogWriter,
    private readonly history: HistoryService,
    private readonly entries: EntriesRepository,
    private readonly runs: GenerationsRepository,
    private readonly generations: GenerationsService,
    private readonly index: SearchIndex,
    private readonly indexed: SearchIndexRepository,
  ) {}

  /** The last used first; with a query, those in which all its words are found, also within longer words. */
  async list(viewer: Viewer, query = ''): Promise<ConversationView[]> {
    const { id } = accountOf(viewer);
    const words = fold(query).split(/\s+/).filter(Boolean).slice(0, WORDS);
    if (words.length === 0) {
      return (await this.conversations.listOf(id, LISTED)).map(presentConversation);
    }
    const found = await this.conversations.search(id, words, FOUND);
    // For the next one, and nobody waits for it.
    void this.index.catchUp(id);
    return presentFound(found, words);
  }

  /** A conversation with its newest messages. */
  async show(viewer: Viewer, id: string) {
    const room = await this.find(viewer, id);
    const page = await this.history.pageFor(viewer, room, {});
    return { conversation: await this.present(room), ...page };
  }

  /**
   * A conversation as a page shows it: its newest messages, and the answer that is being written, or how the last run at
   * a newest question that has no answer ended.
   */
  async open(viewer: Viewer, id: string) {
    const room = await this.find(viewer, id);
    const newest = await this.history.newest(viewer, room);
    const [running] = this.generations.inRoom(room.id);
    const writing = running ? { id: running.id, text: running.text } : null;
    const ended = running ? null : await this.endOfNewest(room.id);
    return { id: room.slug, title: room.title, entries: newest.entries, writing, ended };
  }

  private async endOfNewest(roomId: number): Promise<{ status: RunStatus; code: string | null } | null> {
    const newest = (await turnsIn(await this.live.open(roomId), NEWEST)).at(-1);
    const run = newest?.from === 'person' ? await this.runs.ofQuestion(roomId, newest.seq) : null;
    return run && { status: run.status, code: run.code };
  }

  async rename(viewer: Viewer, id: string, title: string): Promise<ConversationView> {
    const room = await this.find(viewer, id);
    const { id: userId, nickname, role } = accountOf(viewer);
    const outcome = await this.log.append({
      type: 'room',
      roomId: room.id,
      id: randomUUID(),
      actor: { id: userId, nickname, role },
      nonce: null,
      changes: { title },
    });
    if (outcome.status === 'refused') {
      throw new DomainError(outcome.code);
    }
    return this.present({ ...room, title });
  }

  /** Deletes it for good, with all that was said; open sockets close 4004. */
  async delete(viewer: Viewer, id: string): Promise<void> {
    await this.erase(await this.find(viewer, id));
  }

  /** Deletes all of somebody's for good. */
  async deleteAllOf(userId: string): Promise<void> {
    for (const room of await this.rows.ownedBy(userId)) {
      await this.erase(room);
    }
  }

  private async erase(room: Room): Promise<void> {
    const running = this.generations.inRoom(room.id);
    running.forEach((generation) => generation.stop('cancelled'));
    await Promise.all(running.map(({ done }) => done));
    // First the room: without it the log takes nothing more.
    await this.rows.delete(room.id);
    this.live.remove(room.id);
    await this.runs.deleteOfRoom(room.id);
    await this.indexed.forget(room.id);
    while ((await this.entries.deleteBelow(room.id, Number.MAX_SAFE_INTEGER, CHUNK)) === CHUNK) {
      // The next chunk.
    }
  }

  async export(viewer: Viewer, id: string, format: 'md' | 'json'): Promise<string> {
    const room = await this.find(viewer, id);
    const turns = await this.turns(room);
    return format === 'md'
      ? asMarkdown(room.title, turns)
      : JSON.stringify(asJson(room.slug, room.title, turns), null, 2);
  }

  /** Everything somebody has, one conversation at a time. */
  async *all(viewer: Viewer): AsyncGenerator<object> {
    for (const room of await this.rows.ownedBy(accountOf(viewer).id)) {
      yield asJson(room.slug, room.title, await this.turns(room));
    }
  }

  private async turns(room: Room) {
    const entries: Entry[] = [];
    let page: Entry[];
    do {
      page = await this.entries.from(room.id, (entries.at(-1)?.seq ?? 0) + 1, CHUNK);
      entries.push(...page);
    } while (page.length === CHUNK);
    return turnsOf(entries);
  }

  private find(viewer: Viewer, id: string): Promise<Room> {
    return this.rooms.find(viewer, id.toLowerCase(), 'assistant');
  }

  private async present(room: Room): Promise<ConversationView> {
    const [newest] = await this.entries.before(room.id, Number.MAX_SAFE_INTEGER, 1);
    const { slug, title, createdAt } = room;
    return presentConversation({ slug, title, createdAt, updatedAt: newest?.at ?? createdAt });
  }
}

function accountOf({ account }: Viewer): Account {
  if (!account) {
    throw new DomainError('auth.required');
  }
  return account;
}
