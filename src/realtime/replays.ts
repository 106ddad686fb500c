import type { LogFrame } from './ring.js';
import { cut, sharedFrames, type Reader } from './shared-frames.js';

/** A frame for those who are behind. */
export interface Replay<Entry> {
  /** The seq after its last. */
  readonly next: number;
  readonly frameFor: (reader: Reader<Entry>) => Buffer;
}

/** Replays kept in memory, of about 64 KiB at most. */
const KEPT = 16;

/** What was framed for one that came back, kept a moment for the others who come back with it. */
export class Replays<Entry> {
  private readonly kept = new Map<string, Replay<Entry>>();

  /** The replay of these entries; null when there are none. They must be the present ones of their seqs. */
  of(entries: LogFrame<Entry>[]): Replay<Entry> | null {
    const range = `${entries[0]?.seq}-${entries.at(-1)?.seq}`;
    const known = this.kept.get(range);
    if (known) {
      return known;
    }
    const frames = cut(entries);
    const last = frames.at(-1);
    if (!last) {
      return null;
    }
    if (this.kept.size === KEPT) {
      this.kept.clear();
    }
    const replay = { next: last.seq + 1, frameFor: sharedFrames(frames) };
    this.kept.set(range, replay);
    return replay;
  }

  /** Lets go of everything: an entry has changed, or the moment is over. */
  forget(): void {
    this.kept.clear();
  }
}
