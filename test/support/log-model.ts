import { DEFAULT_SETTINGS } from '../../src/chat/rooms/room-settings.js';
import type { EntryFrame, HistoryData, ServerFrame, WelcomeData } from '../../src/protocol/frames.js';
import type { EmoteView } from '../../src/protocol/views.js';

const at = '2026-01-01T00:00:00.000Z';
const author = { id: 'u1', nickname: 'Ara', role: 'user', color: 10 } as const;

/** A room's log as the protocol describes it, small enough to be believed: what tests compare clients with. */
export class LogModel {
  epoch = 'e1';
  private title = 'Lobby';
  private readonly emotes = new Map<string, EmoteView>();
  private readonly entries: EntryFrame[] = [];
  /** Targets that are removed now, with whether a later entry may bring them back. */
  private readonly removed = new Set<number>();

  get head(): number {
    return this.entries.length;
  }

  /** Seqs of the messages there are, removed or not. */
  get targets(): number[] {
    return this.entries.filter(({ event }) => event === 'message.posted').map(({ data }) => data.seq);
  }

  post(text: string): EntryFrame {
    const seq = this.head + 1;
    return this.append({
      event: 'message.posted',
      data: { seq, id: `m${seq}`, kind: 'chat', author, text, at, nonce: `nonce-${seq}` },
    });
  }

  change(target: number, text: string): EntryFrame {
    return this.removed.has(target)
      ? this.withhold()
      : this.append({ event: 'message.changed', data: { seq: this.head + 1, target, text, at } });
  }

  remove(target: number): EntryFrame {
    this.removed.add(target);
    return this.append({ event: 'message.removed', data: { seq: this.head + 1, target, by: 'staff', at } });
  }

  restore(target: number, text: string): EntryFrame {
    if (!this.removed.delete(target)) {
      return this.withhold();
    }
    return this.append({
      event: 'message.restored',
      data: { seq: this.head + 1, target, text, by: 'staff', at },
    });
  }

  /** Comes when it is not there, and goes when it is. */
  emote(name: string): EntryFrame {
    const emote = { name, image: `/emotes/${name}` };
    const emotes = this.emotes.delete(name) ? { removed: [name] } : { added: [emote] };
    if ('added' in emotes) {
      this.emotes.set(name, emote);
    }
    return this.append({ event: 'room.changed', data: { seq: this.head + 1, emotes, at } });
  }

  withhold(): EntryFrame {
    return this.append({ event: 'message.withheld', data: { seq: this.head + 1 } });
  }

  retitle(title: string): EntryFrame {
    this.title = title;
    return this.append({ event: 'room.changed', data: { seq: this.head + 1, title, at } });
  }

  clear(): EntryFrame {
    const upTo = this.head;
    for (const target of this.targets) {
      this.removed.add(target);
    }
    return this.append({ event: 'room.cleared', data: { seq: upTo + 1, upTo, at } });
  }

  pin(target: number): EntryFrame {
    const posted = this.entries[target - 1];
    if (posted?.event !== 'message.posted') {
      throw new Error(`There is no message ${target}.`);
    }
    const { id, kind, text } = posted.data;
    return this.append({
      event: 'room.pinned',
      data: {
        seq: this.head + 1,
        target,
        message: { id, kind, author, text, at },
        by: { id: 'u2', nickname: 'Mod' },
        at,
      },
    });
  }

  unpin(): EntryFrame {
    return this.append({ event: 'room.unpinned', data: { seq: this.head + 1, at } });
  }

  /** An entry of a version that is yet to come. */
  unknown(): EntryFrame {
    return this.append({ event: 'room.yet-to-come', data: { seq: this.head + 1 } } as unknown as EntryFrame);
  }

  /** As `history` answers it now: the text of what is removed, and its edits, are never sent again. */
  page(range: { before?: number; after?: number }, limit: number): HistoryData {
    const { before = Infinity, after = 0 } = range;
    const inside = this.entries.filter(({ data }) => data.seq < before && data.seq > after);
    const page = range.after === undefined ? inside.slice(-limit) : inside.slice(0, limit);
    return { ...range, entries: page.map((entry) => this.render(entry)), more: page.length < inside.length };
  }

  welcome(mode: WelcomeData['mode']): ServerFrame {
    return {
      event: 'welcome',
      data: {
        v: 1,
        room: {
          slug: 'lobby',
          title: this.title,
          kind: 'chat',
          settings: DEFAULT_SETTINGS,
        },
        viewer: null,
        epoch: this.epoch,
        head: this.head,
        first: 1,
        mode,
        limits: { text: 200, frame: 16_384, posts: 11, windowMs: 30_000 },
        presence: { count: 1, sockets: 1 },
        ...(mode === 'snapshot' && this.emotes.size > 0 && { emotes: [...this.emotes.values()] }),
      },
    };
  }

  private append(entry: EntryFrame): EntryFrame {
    this.entries.push(entry);
    return entry;
  }

  private render(entry: EntryFrame): EntryFrame {
    if (entry.event === 'message.posted' && this.removed.has(entry.data.seq)) {
      return { event: 'message.posted', data: { ...entry.data, text: null, removed: true } };
    }
    const tells = entry.event === 'message.changed' || entry.event === 'message.restored';
    return tells && this.removed.has(entry.data.target)
      ? { event: 'message.withheld', data: { seq: entry.data.seq } }
      : entry;
  }
}
