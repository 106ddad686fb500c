import { Injectable } from '@nestjs/common';

import { SharedWindows, type SharedWindow } from '../../realtime/cluster/shared.window.js';

export const POSTS = 11;
export const POSTS_WINDOW_MS = 30_000;
/** Of all guests at one address together. */
const GUEST_POSTS = 30;

/**
 * How much one person may say: 11 messages in any 30 seconds, over all rooms and nodes. A sliding window, exact to the
 * millisecond; no minimum spacing.
 */
@Injectable()
export class PostingBudget {
  private readonly spent: SharedWindow;
  private readonly spentByGuests: SharedWindow;

  constructor(windows: SharedWindows) {
    this.spent = windows.make('posts', () => POSTS, POSTS_WINDOW_MS);
    this.spentByGuests = windows.make('guest-posts', () => GUEST_POSTS, POSTS_WINDOW_MS);
  }

  /**
   * Takes one post. Answers 0, or how many milliseconds to wait when there is none left; at once on a server that is
   * alone, and for one person always in the order asked.
   */
  take(userId: string): number | Promise<number> {
    return this.spent.take(userId);
  }

  /** The same for a guest, who shares another allowance with all guests of their address: a name costs nothing. */
  takeAsGuest(guestId: string, address: string): number | Promise<number> {
    const own = this.take(guestId);
    return typeof own === 'number'
      ? this.share(own, guestId, address)
      : own.then((wait) => this.share(wait, guestId, address));
  }

  private share(wait: number, guestId: string, address: string): number | Promise<number> {
    if (wait > 0) {
      return wait;
    }
    const shared = this.spentByGuests.take(address);
    const settle = (left: number) => {
      if (left > 0) {
        this.spent.refund(guestId);
      }
      return left;
    };
    return typeof shared === 'number' ? settle(shared) : shared.then(settle);
  }

  /** Gives back the last one, of a guest also at their address: it stored nothing. */
  refund(userId: string, guestAddress?: string): void {
    this.spent.refund(userId);
    if (guestAddress !== undefined) {
      this.spentByGuests.refund(guestAddress);
    }
  }

  /** Forgets people who have been silent. */
  sweep(): void {
    this.spent.sweep();
    this.spentByGuests.sweep();
  }
}
