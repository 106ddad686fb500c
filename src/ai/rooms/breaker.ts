/** Opens after so many failures in a minute, for half a minute; a success forgets them. */
export class Breaker {
  private failures: number[] = [];
  private openUntil = 0;

  constructor(
    private readonly now: () => number,
    private readonly most = 10,
    private readonly windowMs = 60_000,
    private readonly openMs = 30_000,
  ) {}

  /** Milliseconds until it closes; 0 when it is closed. */
  get wait(): number {
    return Math.max(0, this.openUntil - this.now());
  }

  record(isFailure: boolean): void {
    const now = this.now();
    this.failures = isFailure ? [...this.failures.filter((at) => at > now - this.windowMs), now] : [];
    if (this.failures.length >= this.most) {
      this.failures = [];
      this.openUntil = now + this.openMs;
    }
  }
}
