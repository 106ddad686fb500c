import { Injectable } from '@nestjs/common';

import { Clock } from '../common/clock.js';

export const POSTS = 11;
export const POSTS_WINDOW_MS = 30_000;

/**
 * How much one person may say: 11 messages in any 30 seconds, over all rooms. A sliding window, exact to the
 * millisecond; no minimum spacing. Kept in memory, at most eleven numbers a person.
 */
@Injectable()
export class PostingBudget {
  private readonly spent = new Map<string, number[]>();

  constructor(private readonly clock: Clock) {}

  /** Takes one post. Answers 0, or how many milliseconds to wait when there is none left. */
  take(userId: string): number {
    const now = this.clock.now();
    const recent = (this.spent.get(userId) ?? []).filter((at) => at > now - POSTS_WINDOW_MS);
    this.spent.set(userId, recent);
    if (recent.length >= POSTS) {
      return recent[0]! + POSTS_WINDOW_MS - now;
    }
    recent.push(now);
    return 0;
  }

  /** Gives back the last one: it stored nothing. */
  refund(userId: string): void {
    this.spent.get(userId)?.pop();
  }

  /** Forgets people who have been silent. */
  sweep(): void {
    const oldest = this.clock.now() - POSTS_WINDOW_MS;
    for (const [userId, times] of this.spent) {
      if ((times.at(-1) ?? 0) <= oldest) {
        this.spent.delete(userId);
      }
    }
  }
}
