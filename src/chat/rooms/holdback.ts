/** Entries of so many milliseconds are let go together: what is kept is bounded, whatever is said in a minute. */
const STEP_MS = 50;

/** Up to this seq everything was made by that time. */
interface Mark {
  upTo: number;
  readonly by: number;
}

/**
 * How far back viewers are kept who are shown a log late. It goes on in the order of the log, never back, and no entry
 * is let go before it is old enough, whatever becomes of the delay meanwhile; at most 50 ms after that it is. Times are
 * those of a clock that never jumps. Pure: whoever has it asks it when it is time.
 */
export class Holdback {
  /** Of what is kept back, ascending. */
  private readonly marks: Mark[] = [];

  constructor(
    /** The newest seq that was let go. */
    private newest: number,
  ) {}

  get head(): number {
    return this.newest;
  }

  /** Keeps back what is new up to this seq, made at that time. */
  add(seq: number, madeAt: number): void {
    const by = Math.ceil(madeAt / STEP_MS) * STEP_MS;
    const last = this.marks.at(-1);
    if (last && by <= last.by) {
      last.upTo = seq;
    } else {
      this.marks.push({ upTo: seq, by });
    }
  }

  /** Lets go of what is older than the delay; answers the head after that. */
  release(now: number, delayMs: number): number {
    const kept = this.marks.findIndex(({ by }) => by + delayMs > now);
    const due = this.marks.splice(0, kept === -1 ? Infinity : kept);
    this.newest = due.at(-1)?.upTo ?? this.newest;
    return this.newest;
  }

  /** When there is something to let go of next; null: nothing is kept back. */
  dueAt(delayMs: number): number | null {
    const [next] = this.marks;
    return next ? next.by + delayMs : null;
  }
}
