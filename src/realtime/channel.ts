import { Asides } from './asides.js';
import { Inflow } from './inflow.js';
import { Replays } from './replays.js';
import { Ring, type LogFrame } from './ring.js';
import { cut, sharedFrames, type Sight } from './shared-frames.js';
import { textFrame } from './text-frame.js';
import { Turn } from './turn.js';

/** A socket as its channel sees it: one integer and a way to write. */
export interface Subscriber<Entry> {
  /** The next seq to send. Only the channel moves it. */
  cursor: number;
  readonly closed: boolean;
  /** False while so much waits in the socket that more would only pile up. */
  readonly writable: boolean;
  /** How this viewer sees a restricted entry. */
  sees(entry: Entry): Sight;
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
  /** Told of each new entry once, in order, wherever it came from, before it is sent. */
  onEntry?: (entry: Entry) => void;
  /** Told after each fan-out: entries × sockets, and how long it took in seconds. */
  onFanout?: (deliveries: number, seconds: number) => void;
  /** Told how many entries nobody had brought here, and were read from the database. */
  onRepaired?: (entries: number) => void;
  /** Told when a subscriber has caught up, each time: it has missed what was relayed meanwhile. */
  onCaughtUp?: (subscriber: Subscriber<Entry>) => void;
}

/** Answers what takes the place of an entry in memory, if anything does. */
export type Rewrite<Entry> = (frame: LogFrame<Entry>) => LogFrame<Entry> | undefined;

interface Straggler {
  readonly onLive: () => void;
  /** Lasting asides it has missed. */
  readonly owed: string[];
}

const RING = 1024;
const PAGE = 100;
const WINDOW_MIN_MS = 10;
const WINDOW_MAX_MS = 200;
/** The window's share of one socket: a write costs 0.0125 ms on our machines, and fan-out may take an eighth of a core. */
const WINDOW_PER_SOCKET_MS = 0.0125 * 8;

/**
 * A room's outgoing side on this node. Live delivery, resume, catching up a slow reader and repairing a hole are one
 * thing, "send from the cursor": live sockets share one frame, all others catch up in a loop of their own and join them
 * when they have got to the newest entry. The ring and the order of `append` calls are hints: the database is the truth.
 */
export class Channel<Entry> {
  private readonly ring = new Ring<Entry>(RING);
  private readonly live = new Set<Subscriber<Entry>>();
  private readonly behind = new Map<Subscriber<Entry>, Straggler>();
  private readonly asides: Asides<Subscriber<Entry>>;
  private readonly pages = new Map<number, Promise<LogFrame<Entry>[]>>();
  private readonly inflow: Inflow<Entry>;
  /** What was rewritten while each running read of the database was on its way. */
  private readonly reading = new Set<Rewrite<Entry>[]>();
  private readonly replays = new Replays<Entry>();
  /** The newest seq that the live subscribers have been sent. */
  private sent: number;
  private scheduled = false;
  private flushing = false;
  /** Counted, so that a fan-out that has paused sees that its frame is an old one. */
  private rewrites = 0;
  private lastFlush = -Infinity;
  private closed = false;

  constructor(
    head: number,
    private readonly options: ChannelOptions<Entry>,
  ) {
    this.sent = head;
    this.inflow = new Inflow(head, {
      read: (from, limit) => this.read(from, limit),
      take: (frame) => {
        this.ring.push(frame);
        options.onEntry?.(frame.entry);
      },
      taken: () => this.schedule(),
      onRepaired: options.onRepaired,
    });
    this.asides = new Asides({
      live: this.live,
      owed: () => Array.from(this.behind.values(), ({ owed }) => owed),
      leaveBehind: (subscriber) => this.fallBehind(subscriber, () => undefined),
      caughtUp: (subscriber) => options.onCaughtUp?.(subscriber),
    });
  }

  /** The newest seq there is here. */
  get head(): number {
    return this.inflow.head;
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

  /** Takes committed entries. Known ones are dropped; after a hole the rest is read from the database. */
  append(frames: readonly LogFrame<Entry>[]): void {
    this.inflow.append(frames);
  }

  /** The log is said to go up to this seq; what is missing here is read from the database. */
  expect(seq: number): void {
    this.inflow.expect(seq);
  }

  /** Starts sending from the subscriber's cursor; `onLive` is called once when it has caught up. */
  join(subscriber: Subscriber<Entry>, onLive: () => void): void {
    this.fallBehind(subscriber, onLive);
  }

  /**
   * Has the subscriber go on in another channel of the same log: from its cursor, with what it is owed, and with the call
   * that it waits for. From now on nothing of this channel is for it. `owing`: lasting asides that it is owed besides.
   */
  handOver(subscriber: Subscriber<Entry>, to: Channel<Entry>, owing: readonly string[] = []): void {
    const { onLive, owed } = this.behind.get(subscriber) ?? { onLive: () => undefined, owed: [] };
    const straggler = { onLive, owed: [...owed, ...this.asides.owed, ...owing] };
    this.leave(subscriber);
    to.behind.set(subscriber, straggler);
    // Not at once: this may be in the middle of entries that are being taken, and the next may take a text out of memory.
    setImmediate(() => void to.catchUp(subscriber, straggler));
  }

  has(subscriber: Subscriber<Entry>): boolean {
    return this.live.has(subscriber) || this.behind.has(subscriber);
  }

  leave(subscriber: Subscriber<Entry>): void {
    this.live.delete(subscriber);
    this.behind.delete(subscriber);
    this.asides.forget(subscriber);
  }

  /** How long sends are kept apart, in ms: the more sockets, the longer. */
  get window(): number {
    return Math.min(WINDOW_MAX_MS, Math.max(WINDOW_MIN_MS, this.live.size * WINDOW_PER_SOCKET_MS));
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
    this.asides.add({ json, after, lasting });
    // In the middle of a fan-out others have not been sent yet what it is to follow.
    if (!this.flushing) {
      this.asides.release(this.sent);
    }
    this.inflow.expect(after);
  }

  /** Replaces entries in memory whose text must never be sent again. */
  rewrite(rewrite: Rewrite<Entry>): void {
    this.ring.rewrite(rewrite);
    this.rewrites++;
    this.pages.clear();
    this.reading.forEach((missed) => missed.push(rewrite));
    this.replays.forget();
  }

  /** Lets go of what was kept for those who come back at the same time; called about once a second. */
  forgetReplays(): void {
    this.replays.forget();
  }

  /** What memory holds of the entries from one seq to another, both included; ascending and without holes. */
  kept(from: number, upTo: number): LogFrame<Entry>[] {
    const { first } = this.ring;
    return upTo < first ? [] : this.ring.slice(Math.max(from, first), upTo, Infinity);
  }

  /** Entries from the ring or the database: ascending from `from`, at most `limit`, none above the head. */
  async page(from: number, limit: number): Promise<LogFrame<Entry>[]> {
    return from >= this.ring.first ? this.ring.slice(from, this.head, limit) : this.read(from, limit);
  }

  close(): void {
    this.closed = true;
    this.inflow.close();
  }

  /** Reads the database. What was removed while the answer was on its way is not in it any more either. */
  private async read(from: number, limit: number): Promise<LogFrame<Entry>[]> {
    const missed: Rewrite<Entry>[] = [];
    this.reading.add(missed);
    try {
      const frames = await this.options.read(from, limit);
      return missed.length === 0
        ? frames
        : frames.map((frame) => missed.reduce((now, rewrite) => rewrite(now) ?? now, frame));
    } finally {
      this.reading.delete(missed);
    }
  }

  private schedule(): void {
    if (this.scheduled || this.closed) {
      return;
    }
    this.scheduled = true;
    const wait = this.lastFlush + this.window - performance.now();
    if (wait > 0) {
      setTimeout(() => void this.flush(), wait);
    } else {
      // Not at once: acknowledgements that wait in the microtask queue go first, and what arrives in this turn joins in.
      setImmediate(() => void this.flush());
    }
  }

  /** One fan-out. What comes meanwhile is the next one's, so that the window holds under any load. */
  private async flush(): Promise<void> {
    this.flushing = true;
    const sockets = this.live.size;
    const head = this.head;
    const entries = head - this.sent;
    const turn = new Turn();
    while (this.sent < head && !this.closed) {
      if (this.sent + 1 < this.ring.first) {
        // More came in one window than the ring holds: everybody reads the rest from the database.
        this.sent = this.head;
        // A copy: who catches up at once is back in the set, and would be met again and again.
        for (const subscriber of Array.from(this.live)) {
          this.fallBehind(subscriber, () => undefined);
        }
        break;
      }
      // Not past an entry that something else is to follow.
      await this.sendEntries(Math.min(head, this.asides.next), turn);
      this.asides.release(this.sent);
    }
    this.flushing = false;
    this.asides.release(this.sent);
    this.lastFlush = performance.now();
    if (sockets > 0) {
      this.options.onFanout?.(entries * sockets, turn.busyMs / 1000);
    }
    this.scheduled = false;
    if (this.sent < this.head) {
      this.schedule();
    }
  }

  /** Sends live sockets the same entries, as many as fit into one frame. */
  private async sendEntries(upTo: number, turn: Turn): Promise<void> {
    const first = this.sent + 1;
    let frames = cut(this.ring.slice(first, upTo, PAGE));
    let frameFor = sharedFrames(frames);
    let rewrites = this.rewrites;
    const next = first + frames.length;
    this.sent = next - 1;
    for (const subscriber of this.live) {
      if (turn.isOver) {
        await turn.pause();
        if (rewrites !== this.rewrites) {
          // Whoever has not been sent the old text is not sent it any more.
          rewrites = this.rewrites;
          frames = this.ring.slice(first, next - 1, PAGE);
          frameFor = sharedFrames(frames);
        }
      }
      if (subscriber.cursor >= next || !this.live.has(subscriber)) {
        // It caught up with these on its own, or has left.
        continue;
      }
      if (subscriber.writable && subscriber.cursor === first && frames[0]?.seq === first) {
        subscriber.write(frameFor(subscriber));
        subscriber.cursor = next;
      } else {
        this.fallBehind(subscriber, () => undefined);
      }
    }
  }

  private fallBehind(subscriber: Subscriber<Entry>, onLive: () => void): void {
    this.live.delete(subscriber);
    this.asides.forget(subscriber);
    const straggler = { onLive, owed: [] };
    this.behind.set(subscriber, straggler);
    void this.catchUp(subscriber, straggler);
  }

  private becomeLive(subscriber: Subscriber<Entry>, { onLive, owed }: Straggler): void {
    this.behind.delete(subscriber);
    this.live.add(subscriber);
    onLive();
    for (const json of owed) {
      subscriber.write(textFrame(json));
    }
    this.asides.arrive(subscriber);
    // In the middle of a flush others have not been sent yet what an aside is to follow.
    if (!this.flushing) {
      this.asides.release(this.sent);
    }
  }

  /** Ends when the subscriber is up to date, has gone, or has been handed over, be it there and back. */
  private async catchUp(subscriber: Subscriber<Entry>, straggler: Straggler): Promise<void> {
    const isHere = () => !subscriber.closed && this.behind.get(subscriber) === straggler;
    while (isHere()) {
      if (!subscriber.writable) {
        await subscriber.drained();
        continue;
      }
      if (subscriber.cursor > this.head) {
        this.becomeLive(subscriber, straggler);
        return;
      }
      const from = subscriber.cursor;
      const entries =
        from >= this.ring.first
          ? // To the end of an aligned page: those who are behind at different places soon ask for the same.
            this.ring.slice(from, this.head, PAGE - ((from - 1) % PAGE))
          : await this.storedPage(from);
      if (!isHere()) {
        return;
      }
      // Nothing, or what comes after entries that are no longer kept.
      const replay = entries[0]?.seq === from ? this.replays.of(entries) : null;
      if (replay === null) {
        this.leave(subscriber);
        subscriber.lost();
        return;
      }
      subscriber.write(replay.frameFor(subscriber));
      subscriber.cursor = replay.next;
    }
  }

  /** A page of the database, aligned, so that sockets at different cursors share one query. */
  private async storedPage(from: number): Promise<LogFrame<Entry>[]> {
    const start = from - ((from - 1) % PAGE);
    let page = this.pages.get(start);
    if (!page) {
      page = this.read(start, PAGE);
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
}
