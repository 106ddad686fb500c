/** At most so many in any stretch of `windowMs`, by key; exact to the millisecond, kept in memory. The number may change. */
export class SlidingWindow {
  private readonly taken = new Map<string, number[]>();

  constructor(
    private readonly most: () => number,
    private readonly windowMs: number,
    private readonly now: () => number,
  ) {}

  /** Takes one. Answers 0, or how many milliseconds to wait when there is none left. */
  take(key: string): number {
    const now = this.now();
    const recent = (this.taken.get(key) ?? []).filter((at) => at > now - this.windowMs);
    const tooMany = recent.length - this.most();
    if (tooMany >= 0) {
      return recent[tooMany]! + this.windowMs - now;
    }
    this.taken.set(key, [...recent, now]);
    return 0;
  }

  /** Gives the last one back. */
  refund(key: string): void {
    this.taken.get(key)?.pop();
  }

  /** Forgets who has taken nothing in the window. */
  sweep(): void {
    const oldest = this.now() - this.windowMs;
    for (const [key, times] of this.taken) {
      if ((times.at(-1) ?? 0) <= oldest) {
        this.taken.delete(key);
      }
    }
  }
}
