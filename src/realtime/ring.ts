/** An entry of a log, ready for the wire. `Entry` is what the feature that owns the log knows of it. */
export interface LogFrame<Entry> {
  readonly seq: number;
  /** The `{event, data}` everybody may see, as JSON. */
  readonly json: string;
  readonly entry: Entry;
  /** True: not for everybody; who may not see it gets its withheld place. */
  readonly restricted: boolean;
  /** The same for those who are told that others do not see it. */
  readonly marked?: string;
}

/** The newest entries of a log in memory, without holes. A cache: whatever is older is in the database. */
export class Ring<Entry> {
  private frames: LogFrame<Entry>[] = [];

  constructor(private readonly capacity: number) {}

  /** The oldest seq held; Infinity when empty. */
  get first(): number {
    return this.frames[0]?.seq ?? Infinity;
  }

  /** Adds the next entry. When others are missing before it, those that are held go: they could only mislead. */
  push(frame: LogFrame<Entry>): void {
    if (frame.seq !== (this.frames.at(-1)?.seq ?? frame.seq - 1) + 1) {
      this.frames = [];
    }
    this.frames.push(frame);
    // Cut in bulk: shifting one by one would copy the whole array for every entry.
    if (this.frames.length >= this.capacity * 2) {
      this.frames = this.frames.slice(-this.capacity);
    }
  }

  /** Entries from `from` up to and including `to`, at most `limit`; `from` must not be below `first`. */
  slice(from: number, to: number, limit: number): LogFrame<Entry>[] {
    const start = from - this.first;
    return this.frames.slice(start, Math.min(start + limit, to - this.first + 1));
  }

  /** Replaces what `rewrite` answers for; used when a removal must reach texts that are already here. */
  rewrite(rewrite: (frame: LogFrame<Entry>) => LogFrame<Entry> | undefined): void {
    this.frames.forEach((frame, index) => {
      this.frames[index] = rewrite(frame) ?? frame;
    });
  }
}
