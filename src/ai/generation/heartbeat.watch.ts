/** A run that several nodes may see, with the mark that its own node moves every second. */
export interface Beating {
  readonly id: string;
  readonly heartbeatAt: number;
}

/** How long a mark may stand still, in milliseconds. */
export const SILENCE_MS = 8000;

/**
 * Knows runs whose node is gone: their mark has not moved for `SILENCE_MS` while this node watched. Only its own clock
 * counts, so it does not matter what time it is on other nodes.
 */
export class HeartbeatWatch<Run extends Beating> {
  private readonly seen = new Map<string, { mark: number; since: number }>();

  /** Looks at all that run now; answers those whose node is gone. `now` in milliseconds that never go back. */
  look(runs: readonly Run[], now: number): Run[] {
    const ids = new Set(runs.map(({ id }) => id));
    for (const id of this.seen.keys()) {
      if (!ids.has(id)) {
        this.seen.delete(id);
      }
    }
    return runs.filter(({ id, heartbeatAt }) => {
      const before = this.seen.get(id);
      if (before?.mark !== heartbeatAt) {
        this.seen.set(id, { mark: heartbeatAt, since: now });
        return false;
      }
      return now - before.since >= SILENCE_MS;
    });
  }

  /** While nobody could look, nobody could move a mark either: all begins anew. */
  forget(): void {
    this.seen.clear();
  }
}
