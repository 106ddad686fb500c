import { DomainError } from './errors.js';

/**
 * Lets a bounded number of tasks run at once and a bounded number wait for their turn, in order; one more is refused
 * with `rate.limited`, so that a flood waits in nobody's memory.
 */
export class Gate {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly width: number,
    private readonly queue: number,
  ) {}

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.running < this.width) {
      this.running++;
    } else {
      if (this.waiting.length >= this.queue) {
        throw new DomainError('rate.limited', { retryAfterMs: 2000 });
      }
      // Whoever finishes hands over its place, so nobody can slip in between.
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    try {
      return await task();
    } finally {
      const next = this.waiting.shift();
      if (next) {
        next();
      } else {
        this.running--;
      }
    }
  }
}
