/** Does something for a key at once, and then again at most once in a while, as often as it is asked to. */
export class Paced<Key> {
  /** Keys whose turn was less than that while ago, and whether they have asked since. */
  private readonly resting = new Map<Key, { again: boolean; readonly timer: NodeJS.Timeout }>();

  constructor(
    private readonly everyMs: number,
    /** Must not throw. */
    private readonly run: (key: Key) => void,
  ) {}

  ask(key: Key): void {
    const rest = this.resting.get(key);
    if (rest) {
      rest.again = true;
    } else {
      this.turn(key);
    }
  }

  /** Forgets what was asked and not done. */
  close(): void {
    this.resting.forEach(({ timer }) => clearTimeout(timer));
    this.resting.clear();
  }

  private turn(key: Key): void {
    const timer = setTimeout(() => {
      const isAsked = this.resting.get(key)?.again;
      this.resting.delete(key);
      if (isAsked) {
        this.turn(key);
      }
    }, this.everyMs);
    this.resting.set(key, { again: false, timer });
    this.run(key);
  }
}
