import type { LogFrame } from './ring.js';

export interface InflowOptions<Entry> {
  /** Reads the log: ascending from `from`, or from the oldest that is kept; without holes, at most `limit`. */
  read(from: number, limit: number): Promise<LogFrame<Entry>[]>;
  /** Takes the next entry. Each seq comes once and in order; only what is no longer kept is left out. */
  take(frame: LogFrame<Entry>): void;
  /** Called after some were taken. */
  taken(): void;
  /** Told how many had to be read to fill a hole. */
  onRepaired?: ((entries: number) => void) | undefined;
}

/** Entries of several writers cross each other on their way; so long one that is missing may still come by itself. */
const PATIENCE_MS = 30;
/** Entries kept for when those before them have come; what is beyond is read again. */
const MOST_AHEAD = 2000;
const PAGE = 200;

/**
 * Puts the entries of a log into their order, by whatever way they come: from this node's commits, from other nodes, from
 * the database. What is missing is read there, after a short wait.
 */
export class Inflow<Entry> {
  /** The newest seq that there is, as far as anybody has said; above `newest` there is a hole to fill. */
  private known: number;
  private readonly ahead = new Map<number, LogFrame<Entry>>();
  private waiting: NodeJS.Timeout | null = null;
  private repairing = false;
  private closed = false;

  constructor(
    /** The newest seq taken. */
    private newest: number,
    private readonly options: InflowOptions<Entry>,
  ) {
    this.known = newest;
  }

  get head(): number {
    return this.newest;
  }

  /** Takes committed entries. Known ones are dropped. */
  append(frames: readonly LogFrame<Entry>[]): void {
    this.sort(frames);
    this.fillSoon();
  }

  /** Somebody says that the log goes up to this seq. */
  expect(seq: number): void {
    this.known = Math.max(this.known, seq);
    this.fillSoon();
  }

  close(): void {
    this.closed = true;
    if (this.waiting) {
      clearTimeout(this.waiting);
    }
  }

  private sort(frames: readonly LogFrame<Entry>[]): void {
    const before = this.newest;
    for (const frame of frames) {
      this.known = Math.max(this.known, frame.seq);
      if (frame.seq === this.newest + 1) {
        this.take(frame);
      } else if (frame.seq > this.newest && this.ahead.size < MOST_AHEAD) {
        this.ahead.set(frame.seq, frame);
      }
    }
    if (this.newest > before) {
      this.options.taken();
    }
  }

  private take(frame: LogFrame<Entry>): void {
    let next: LogFrame<Entry> | undefined = frame;
    while (next) {
      this.newest = next.seq;
      this.options.take(next);
      if (this.ahead.size === 0) {
        return;
      }
      this.ahead.delete(next.seq);
      next = this.ahead.get(this.newest + 1);
    }
  }

  private fillSoon(): void {
    if (this.newest < this.known && !this.closed) {
      this.waiting ??= setTimeout(() => {
        this.waiting = null;
        void this.fill();
      }, PATIENCE_MS);
    }
  }

  private async fill(): Promise<void> {
    if (this.repairing) {
      return;
    }
    this.repairing = true;
    try {
      while (this.newest < this.known && !this.closed) {
        const before = this.newest;
        const frames = await this.options.read(before + 1, PAGE);
        // What the log no longer keeps is not waited for.
        this.newest = Math.max(this.newest, (frames[0]?.seq ?? 0) - 1);
        this.sort(frames);
        if (this.newest === before) {
          // Whoever speaks of a newer entry next asks again.
          break;
        }
        this.options.onRepaired?.(this.newest - before);
      }
    } catch {
      // The same for whoever speaks next.
    } finally {
      this.repairing = false;
    }
  }
}
