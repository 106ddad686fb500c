import type { NoticeData } from '../protocol/frames.js';
import type { PresenceView } from '../protocol/views.js';
import { NOBODY, type Elsewhere } from './cluster/census.js';

/** Who opened a socket: an account by id and name, or null for a guest. */
export type Visitor = { id: string; nickname: string } | null;

export interface PresenceEvents {
  /** The count changed; at most once a second. */
  changed(presence: PresenceView): void;
  /** People came or went; grouped. */
  notice(notice: NoticeData): void;
}

const PRESENCE_MS = 1000;
const JOINED_MS = 1500;
/** Who returns within this time never left: a reload or a train tunnel is nobody's business. */
const LEFT_MS = 6000;

/**
 * Who is in a room: on this node exactly, on the others as the census says. People are accounts, each once however many sockets it has, and every guest socket.
 * Guests come and go without a word: an embedded panel would otherwise speak of nothing else.
 */
export class Presence {
  private readonly accounts = new Map<string, number>();
  private guestsHere = 0;
  private socketsHere = 0;
  private there = NOBODY;
  private lastSent = -Infinity;
  private timer: NodeJS.Timeout | null = null;
  private readonly joined = new Map<string, string>();
  private readonly left = new Map<string, string>();
  private noticeTimers: { joined: NodeJS.Timeout | null; left: NodeJS.Timeout | null } = {
    joined: null,
    left: null,
  };

  constructor(
    private readonly events: PresenceEvents,
    /** Whether notices are wanted with so many people here. */
    private readonly speaks: (people: number) => boolean,
  ) {}

  /** Everywhere. */
  get view(): PresenceView {
    const { people, guests, sockets, approx } = this.there;
    return {
      count: this.accounts.size + this.guestsHere + people + guests,
      sockets: this.socketsHere + sockets,
      ...(approx && { approx }),
    };
  }

  /** The guests at this node. */
  get guests(): number {
    return this.guestsHere;
  }

  /** The sockets of this node. */
  get sockets(): number {
    return this.socketsHere;
  }

  get elsewhere(): Elsewhere {
    return this.there;
  }

  /** The accounts at this node, each once. */
  people(): Iterable<string> {
    return this.accounts.keys();
  }

  /** Takes who is in the room on other nodes. */
  hear(elsewhere: Elsewhere): void {
    const before = JSON.stringify(this.view);
    this.there = elsewhere;
    if (JSON.stringify(this.view) !== before) {
      this.announce();
    }
  }

  enter(visitor: Visitor): void {
    this.socketsHere++;
    if (visitor === null) {
      this.guestsHere++;
    } else {
      const before = this.accounts.get(visitor.id) ?? 0;
      this.accounts.set(visitor.id, before + 1);
      if (before === 0 && !this.left.delete(visitor.id)) {
        this.joined.set(visitor.id, visitor.nickname);
        this.later('joined', JOINED_MS);
      }
    }
    this.announce();
  }

  leave(visitor: Visitor): void {
    this.socketsHere--;
    if (visitor === null) {
      this.guestsHere--;
    } else {
      const left = (this.accounts.get(visitor.id) ?? 1) - 1;
      if (left > 0) {
        this.accounts.set(visitor.id, left);
      } else {
        this.accounts.delete(visitor.id);
        if (!this.joined.delete(visitor.id)) {
          this.left.set(visitor.id, visitor.nickname);
          this.later('left', LEFT_MS);
        }
      }
    }
    this.announce();
  }

  close(): void {
    for (const timer of [this.timer, this.noticeTimers.joined, this.noticeTimers.left]) {
      if (timer) {
        clearTimeout(timer);
      }
    }
  }

  private announce(): void {
    if (this.timer) {
      return;
    }
    const wait = this.lastSent + PRESENCE_MS - performance.now();
    this.timer = setTimeout(
      () => {
        this.timer = null;
        this.lastSent = performance.now();
        this.events.changed(this.view);
      },
      // Even the first change waits a moment: whoever just joined has the count in the welcome already.
      Math.max(wait, 50),
    );
  }

  private later(kind: 'joined' | 'left', ms: number): void {
    this.noticeTimers[kind] ??= setTimeout(() => {
      this.noticeTimers[kind] = null;
      const people = this[kind];
      const [nickname] = people.values();
      if (nickname !== undefined && this.speaks(this.view.count)) {
        this.events.notice({ kind, nickname, count: people.size });
      }
      people.clear();
    }, ms);
  }
}
