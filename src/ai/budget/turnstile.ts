import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import { AI_LIMITS, type AiLimits } from '../ai.limits.js';
import { SlidingWindow } from './sliding.window.js';

const BUSY_MS = 5000;

/** A person's turn with the AI at home. */
export interface Pass {
  /** The answer has ended: the next one may come. May be called twice. */
  leave(): void;
  /** Nothing came of it, so it does not count. */
  refund(): void;
}

/** One answer at a time for each person, so many questions in a window, and so many answers on this server. */
@Injectable()
export class Turnstile {
  private readonly inside = new Set<string>();
  private readonly asks: SlidingWindow;

  constructor(
    @Inject(AI_LIMITS) private readonly limits: AiLimits,
    clock: Clock,
  ) {
    this.asks = new SlidingWindow(limits.asks, limits.asksWindowMs, () => clock.now());
  }

  /** Throws `ai.busy` while an earlier answer is being written, and `rate.limited` after too many questions. */
  enter(userId: string): Pass {
    if (this.inside.has(userId) || this.inside.size >= this.limits.running) {
      throw new DomainError('ai.busy', { retryAfterMs: BUSY_MS });
    }
    const wait = this.asks.take(userId);
    if (wait > 0) {
      throw new DomainError('rate.limited', { retryAfterMs: wait });
    }
    this.inside.add(userId);
    let isInside = true;
    const leave = () => {
      if (isInside) {
        isInside = false;
        this.inside.delete(userId);
      }
    };
    return {
      leave,
      refund: () => {
        leave();
        this.asks.refund(userId);
      },
    };
  }

  @Interval(60_000)
  forget(): void {
    this.asks.sweep();
  }
}
