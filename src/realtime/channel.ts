import { Ring, type LogFrame } from './ring.js';
import { textFrame } from './text-frame.js';

/** A socket as its channel sees it: one integer and a way to write. */
export interface Subscriber<Entry> {
  /** The next seq to send. Only the channel moves it. */
  cursor: number;
  readonly closed: boolean;
  /** False while so much waits in the socket that more would only pile up. */
  readonly writable: boolean;
  /** Whether this viewer may see a restricted entry. */
  sees(entry: Entry): boolean;
  write(frame: Buffer): void;
  /** Resolves when what was written has left, or the socket has closed. */
  drained(): Promise<void>;
  /** What is at the cursor cannot be had; the socket ends, and its client comes back for the rest. */
  lost(): void;
}

/** Where a channel reads what its ring no longer holds. Ascending from `from`, without holes, at most `limit`. */
export type ReadLog<Entry> = (from: number, limit: number) => Promise<LogFrame<Entry>[]>;

export interface ChannelOptions<Entry> {
  read: ReadLog<Entry>;
  /** Told after each fan-out: entries × sockets, and how long it took in seconds. */
  onFanout?: (deliveries: number, seconds: number) => void;
  /** Told when a subscriber has caught up, each time: it has missed what was relayed meanwhile. */
  onCaughtUp?: (subscriber: Subscriber<Entry>) => void;
}

/** Something without a seq that has its place among the entries. */
interface Aside {
  readonly json: string;
  /** It follows this entry. */
  readonly after: number;
  /** Who is behind gets it later, and does not do without it. */
  readonly lasting: boolean;
}

interface Straggler {
  readonly onLive: () => void;
  /** Lasting asides it has missed. */
  readonly owed: string[];
}

const RING = 1024;
const PAGE = 100;
const FRAME_BYTES = 64 * 1024;
const WINDOW_MIN_MS = 10;
const WINDOW_MAX_MS = 250;
/** Cost of one socket's write, in ms: with it the window keeps fan-out near half a core. */
const WRITE_MS = 0.01;
/** Lasting asides kept for one that is behind; more than a room says in the time until it is closed. */
const MOST_OWED = 100;

/**
 * A room's outgoing side on this node. Live delivery, resume, catching up a slow reader and repairing a hole are one
 * thing, "send from the cursor": live sockets share one frame, all others catch up in a loop of their own and join them
 * when they have got to the newest entry. The ring and the order of `append` calls are hints; a hole is filled
 * from the database.
 */
export class Channel<Entry> {
  private readonly ring = new Ring<Entry>(RING);
  private readonly live = new Set<Subscriber<Entry>>();
  private readonly behind = new Map<Subscriber<Entry>, Straggler>();
  /** Relayed already, and waiting for the entry that they follow to be sent. */
  private asides: Aside[] = [];
  /** Caught up while asides were waiting: told as soon as those have gone out. */
  private readonly arrivals = new Set<Subscriber<Entry>>();
  private readonly pages = new Map<number, Promise<LogFrame<Entry>[]>>();
  /** The newest seq in the ring. */
  private newest: number;
  /** The newest seq that was ever heard of; above `newest` there is a hole to fill. */
  private known: number;
  /** The newest seq that the live subscribers have been sent. */
  private sent: number;
  private scheduled = false;
  private flushing = false;
  private lastFlush = -Infinity;
  private repairing = false;
  private closed = false;

  constructor(
    head: number,
    private readonly options: ChannelOptions<Entry>,
  ) {
    this.newest = head;
    this.known = head;
    this.sent = head;
  }

  get head(): number {
    return this.newest;
  }

  get size(): number {
    return this.live.size + this.behind.size;
  }

  /** Sockets that do not keep up, or are being replayed to. */
  get lagging(): number {
    return this.behind.size;
  }

  /** Fills the ring with the newest entries, so that joining needs no query. Call it before the first `append`. */
  warm(frames: LogFrame<Entry>[]): void {
    for (const frame of frames) {
      this.ring.push(frame);
    }
  }

  /** Takes committed entries, in order. Known ones are dropped; after a hole the rest is read from the database. */
  append(frames: readonly LogFrame<Entry>[]): void {
    for (const frame of frames) {
      this.known = Math.max(this.known, frame.seq);
      if (frame.seq === this.newest + 1) {
        this.ring.push(frame);
        this.newest = frame.seq;
      }
    }
    if (this.sent < this.newest) {
      this.schedule();
    }
    if (this.newest < this.known) {
      void this.repair();
    }
  }

  /** Starts sending from the subscriber's cursor; `onLive` is called once when it has caught up. */
  join(subscriber: Subscriber<Entry>, onLive: () => void): void {
    this.fallBehind(subscriber, onLive);
  }

  leave(subscriber: Subscriber<Entry>): void {
    this.live.delete(subscriber);
    this.behind.delete(subscriber);
    this.arrivals.delete(subscriber);
  }

  /** How long sends are kept apart, in ms: the more sockets, the longer. */
  get window(): number {
    return Math.min(WINDOW_MAX_MS, Math.max(WINDOW_MIN_MS, (this.live.size * WRITE_MS) / 0.5));
  }

  /** Sends something without a seq to all who keep up; who does not keep up does without. */
  broadcast(json: string): void {
    const frame = textFrame(json);
    for (const subscriber of this.live) {
      if (subscriber.writable) {
        subscriber.write(frame);
      }
    }
  }

  /**
   * Sends something without a seq in its place: after the entry `after`, and after what was relayed before. Who cannot
   * take it now is left behind; it gets what was `lasting` when it has caught up, and `onCaughtUp` makes up for the rest.
   */
  relay(json: string, { after = 0, lasting = false }: { after?: number; lasting?: boolean } = {}): void {
    this.asides.push({ json, after, lasting });
    this.sendAsides();
  }

  /** Replaces entries in memory whose text must never be sent again. */
  rewrite(rewrite: (frame: LogFrame<Entry>) => LogFrame<Entry> | undefined): void {
    this.ring.rewrite(rewrite);
    this.pages.clear();
  }

  /** Entries from the ring or the database: ascending from `from`, at most `limit`, none above the head. */
  async page(from: number, limit: number): Promise<LogFrame<Entry>[]> {
    return from >= this.ring.first
      ? this.ring.slice(from, this.newest, limit)
      : this.options.read(from, limit);
  }

  close(): void {
    this.closed = true;
  }

  private schedule(): void {
    if (this.scheduled || this.closed) {
      return;
    }
    this.scheduled = true;
    const wait = this.lastFlush + this.window - performance.now();
    if (wait > 0) {
      setTimeout(() => this.flush(), wait);
    } else {
      // Not at once: acknowledgements that wait in the microtask queue go first, and what arrives in this turn joins in.
      setImmediate(() => this.flush());
    }
  }

  private flush(): void {
    this.scheduled = false;
    this.flushing = true;
    const started = performance.now();
    const sockets = this.live.size;
    const entries = this.newest - this.sent;
    if (this.sent + 1 < this.ring.first) {
      // More came in one window than the ring holds: everybody reads the rest from the database.
      this.sent = this.newest;
      // A copy: who catches up at once is back in the set, and would be met again and again.
      for (const subscriber of Array.from(this.live)) {
        this.fallBehind(subscriber, () => undefined);
      }
    }
    while (this.sent < this.newest) {
      // Not past an entry that something else is to follow.
      const upTo = Math.min(this.newest, this.asides[0]?.after ?? Infinity);
      const frames = cut(this.ring.slice(this.sent + 1, upTo, PAGE));
      const frameFor = sharedFrames(frames);
      const next = this.sent + frames.length + 1;
      this.sent = next - 1;
      for (const subscriber of this.live) {
        if (subscriber.cursor >= next) {
          // It caught up with these on its own.
          continue;
        }
        if (subscriber.writable && subscriber.cursor === frames[0]!.seq) {
          subscriber.write(frameFor(subscriber));
          subscriber.cursor = next;
        } else {
          this.fallBehind(subscriber, () => undefined);
        }
      }
      this.sendAsides();
    }
    this.flushing = false;
    this.sendAsides();
    this.lastFlush = performance.now();
    if (sockets > 0) {
      this.options.onFanout?.(entries * sockets, (this.lastFlush - started) / 1000);
    }
  }

  private sendAsides(): void {
    while (this.asides.length > 0 && this.asides[0]!.after <= this.sent) {
      this.sendAside(this.asides.shift()!);
    }
    if (this.asides.length === 0) {
      for (const subscriber of this.arrivals) {
        this.arrivals.delete(subscriber);
        this.options.onCaughtUp?.(subscriber);
      }
    }
  }

  private sendAside({ json, lasting }: Aside): void {
    const frame = textFrame(json);
    for (const subscriber of Array.from(this.live)) {
      if (!subscriber.writable) {
        this.fallBehind(subscriber, () => undefined);
      } else if (lasting || !this.arrivals.has(subscriber)) {
        subscriber.write(frame);
      }
    }
    if (lasting) {
      for (const { owed } of this.behind.values()) {
        owed.push(json);
        owed.splice(0, owed.length - MOST_OWED);
      }
    }
  }

  private fallBehind(subscriber: Subscriber<Entry>, onLive: () => void): void {
    this.live.delete(subscriber);
    this.arrivals.delete(subscriber);
    this.behind.set(subscriber, { onLive, owed: [] });
    void this.catchUp(subscriber);
  }

  private becomeLive(subscriber: Subscriber<Entry>, { onLive, owed }: Straggler): void {
    this.behind.delete(subscriber);
    this.live.add(subscriber);
    onLive();
    for (const json of owed) {
      subscriber.write(textFrame(json));
    }
    this.arrivals.add(subscriber);
    // In the middle of a flush others have not been sent yet what an aside is to follow.
    if (!this.flushing) {
      this.sendAsides();
    }
  }

  private async catchUp(subscriber: Subscriber<Entry>): Promise<void> {
    while (!subscriber.closed && this.behind.has(subscriber)) {
      if (!subscriber.writable) {
        await subscriber.drained();
        continue;
      }
      if (subscriber.cursor > this.newest) {
        this.becomeLive(subscriber, this.behind.get(subscriber)!);
        return;
      }
      const from = subscriber.cursor;
      const frames = cut(
        from >= this.ring.first ? this.ring.slice(from, this.newest, PAGE) : await this.storedPage(from),
      );
      if (frames.length === 0) {
        this.leave(subscriber);
        subscriber.lost();
        return;
      }
      if (!subscriber.closed) {
        subscriber.write(sharedFrames(frames)(subscriber));
        subscriber.cursor = frames.at(-1)!.seq + 1;
      }
    }
  }

  /** A page of the database, aligned, so that sockets at different cursors share one query. */
  private async storedPage(from: number): Promise<LogFrame<Entry>[]> {
    const start = from - ((from - 1) % PAGE);
    let page = this.pages.get(start);
    if (!page) {
      page = this.options.read(start, PAGE);
      this.pages.set(start, page);
      const forget = () => this.pages.delete(start);
      page.then(forget, forget);
    }
    try {
      return (await page).filter(({ seq }) => seq >= from);
    } catch {
      return [];
    }
  }

  private async repair(): Promise<void> {
    if (this.repairing) {
      return;
    }
    this.repairing = true;
    try {
      while (this.newest < this.known && !this.closed) {
        const before = this.newest;
        this.append(await this.options.read(before + 1, PAGE));
        if (this.newest === before) {
          break;
        }
      }
    } catch {
      // The next append finds the hole again.
    } finally {
      this.repairing = false;
    }
  }
}

/** As many of the frames as fit into one WebSocket frame; at least one. */
function cut<Entry>(frames: LogFrame<Entry>[]): LogFrame<Entry>[] {
  let bytes = 0;
  const end = frames.findIndex(({ json }, index) => {
    // At most three bytes a UTF-16 unit; an upper bound is enough here.
    bytes += json.length * 3;
    return bytes > FRAME_BYTES && index > 0;
  });
  return end === -1 ? frames : frames.slice(0, end);
}

/** The same bytes for all who may see the same entries; built once for each such group. */
function sharedFrames<Entry>(frames: LogFrame<Entry>[]): (subscriber: Subscriber<Entry>) => Buffer {
  const restricted = frames.filter((frame) => frame.restricted);
  if (restricted.length === 0) {
    const frame = textFrame(batchOf(frames.map(({ json }) => json)));
    return () => frame;
  }
  const built = new Map<string, Buffer>();
  return (subscriber) => {
    const hidden = restricted.filter(({ entry }) => !subscriber.sees(entry)).map(({ seq }) => seq);
    const group = hidden.join();
    let frame = built.get(group);
    if (!frame) {
      frame = textFrame(
        batchOf(frames.map(({ seq, json }) => (hidden.includes(seq) ? withheldJson(seq) : json))),
      );
      built.set(group, frame);
    }
    return frame;
  };
}

function batchOf(events: string[]): string {
  return events.length === 1 ? events[0]! : `{"event":"batch","data":{"events":[${events.join(',')}]}}`;
}

/** The place of an entry that a viewer may not see: it keeps the viewer's sequence dense. */
export function withheldJson(seq: number): string {
  return `{"event":"message.withheld","data":{"seq":${seq}}}`;
}
