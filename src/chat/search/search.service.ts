import { setImmediate } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';

import type { FoundMessageView } from '../../protocol/views.js';
import { Gate } from '../../common/gate.js';
import { fold, pairsOf } from '../../common/pairs.js';
import type { Viewer } from '../../common/viewer.js';
import { presentFor } from '../messages/entry.presenter.js';
import { LiveRooms } from '../rooms/live-rooms.js';
import type { LiveRoom } from '../rooms/live-room.js';
import type { Room } from '../rooms/room.entity.js';
import { SearchRepository, type Said } from './search.repository.js';
import { holdsAll, wordsOf } from './search.text.js';

/** Entries of one block. A smaller one is read faster and takes more rows of the index. */
export const BLOCK = 512;
const FOUND = 20;
/** Blocks that one request reads, and that it puts into the index before; the rest comes with the next. */
const BLOCKS_READ = 16;
const BLOCKS_INDEXED = 8;
/** Searches at one time, and how many may wait: reading a log is work for the loop that serves sockets. */
const AT_ONCE = 2;
const WAITING = 20;

export interface SearchPage {
  readonly messages: FoundMessageView[];
  /** Where the next page begins; null: there is nothing older. */
  readonly next: number | null;
}

/**
 * Finds what was said in a room. The index only says in which blocks of the log to look; whether a message has the words is
 * read from the message as it stands now and as this viewer may see it. It grows when somebody searches: posting pays nothing.
 */
@Injectable()
export class SearchService {
  private readonly gate = new Gate(AT_ONCE, WAITING);

  constructor(
    private readonly live: LiveRooms,
    private readonly index: SearchRepository,
  ) {}

  /** The newest first. Throws `rate.limited` when too many people search at once. */
  find(viewer: Viewer, room: Room, query: string, before?: number): Promise<SearchPage> {
    return this.gate.run(async () =>
      this.page(viewer, await this.live.open(room.id), wordsOf(query), before),
    );
  }

  private async page(
    viewer: Viewer,
    live: LiveRoom,
    words: readonly string[],
    before = Number.MAX_SAFE_INTEGER,
  ): Promise<SearchPage> {
    const { id, first } = live.room;
    const here = live.viewerHere(viewer);
    const start = Math.min(before, live.channelFor(here).head + 1);
    const indexed = await this.grow(id, live.channel.head, first);
    const found = new Map<number, FoundMessageView>();
    let reached = start;
    let read = 0;
    for await (const block of this.blocks(id, words, start, indexed)) {
      const from = Math.max(first, block * BLOCK);
      if (read++ === BLOCKS_READ) {
        return { messages: [...found.values()], next: reached };
      }
      const said = await this.index.said(id, from, Math.min(start, (block + 1) * BLOCK));
      const hits = said.filter(({ text }) => holdsAll(text, words));
      for (const { hit, message } of await this.standing(here, live, hits, words)) {
        if (found.size === FOUND && !found.has(message.seq)) {
          return { messages: [...found.values()], next: hit.seq + 1 };
        }
        found.set(message.seq, message);
      }
      reached = from;
      await setImmediate();
    }
    return { messages: [...found.values()], next: null };
  }

  /** Blocks to look into, the newest first: those that are not in the index yet, then those that it names. */
  private async *blocks(
    roomId: number,
    words: readonly string[],
    start: number,
    indexed: number,
  ): AsyncGenerator<number> {
    const newest = Math.floor((start - 1) / BLOCK);
    for (let block = newest; block >= indexed; block--) {
      yield block;
    }
    const pairs = [...pairsOf(words.join(' '))];
    const below = Math.min(indexed, newest + 1);
    yield* await this.index.blocksWith(roomId, pairs, below, BLOCKS_READ + 1);
  }

  /** The messages of hits as they stand now; those that were edited away, or are not for this viewer, are not among them. */
  private async standing(
    here: Viewer,
    live: LiveRoom,
    hits: readonly Said[],
    words: readonly string[],
  ): Promise<{ hit: Said; message: FoundMessageView }[]> {
    if (hits.length === 0) {
      return [];
    }
    const { head } = live.channelFor(here);
    const seqs = [...new Set(hits.map(({ message }) => message))];
    const messages = new Map<number, FoundMessageView>();
    for (const entry of await this.index.about(live.room.id, seqs)) {
      if (entry.seq <= head) {
        stand(presentFor(here, entry), messages);
      }
    }
    return hits.flatMap((hit) => {
      const message = messages.get(hit.message);
      return message && holdsAll(message.text, words) ? [{ hit, message }] : [];
    });
  }

  /** Puts whole blocks that are missing into the index, a few at a time; answers up to which block it goes. */
  private async grow(roomId: number, head: number, first: number): Promise<number> {
    const whole = Math.floor((head + 1) / BLOCK);
    const oldest = Math.floor(first / BLOCK);
    let indexed = await this.index.indexedTo(roomId);
    if (indexed < oldest) {
      await this.index.forgetBelow(roomId, oldest);
      indexed = oldest;
    }
    const end = Math.min(whole, indexed + BLOCKS_INDEXED);
    for (; indexed < end; indexed++) {
      const said = await this.index.saidOnce(roomId, indexed * BLOCK, (indexed + 1) * BLOCK);
      const pairs = new Set(said.flatMap(({ text }) => [...pairsOf(fold(text))]));
      await this.index.add(roomId, indexed, [...pairs]);
      await setImmediate();
    }
    return indexed;
  }
}

type Shown = ReturnType<typeof presentFor>;

/** Takes an entry, as the viewer gets it, into the messages that stand. */
function stand(entry: Shown, messages: Map<number, FoundMessageView>): void {
  if (entry.event === 'message.posted' && entry.data.text !== null) {
    const { seq, id, kind, author, text, at } = entry.data;
    messages.set(seq, { seq, id, kind, author, text, at });
  } else if (entry.event === 'message.changed' || entry.event === 'message.restored') {
    const message = messages.get(entry.data.target);
    if (message) {
      message.text = entry.data.text;
    }
  }
}
