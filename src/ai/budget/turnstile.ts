import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import { AI_LIMITS, type AiLimits } from '../ai.limits.js';
import { SlidingWindow } from './sliding.window.js';

const BUSY_MS = 5000;

/** A person's turn with the AI. */
export interface Pass {
  /** The answer has ended: the next one may come. May be called twice. */
  leave(): void;
  /** Nothing came of it, so it does not count. */
  refund(): void;
}

/** At home one answer at a time for each person; so many questions in a window, and so many answers on this server. */
@Injectable()
export class Turnstile {
  /** Who is having something answered at home. */
  private readonly atHome = new Set<string>();
  private inside = 0;
  private readonly asks: SlidingWindow;

  constructor(
    @Inject(AI_LIMITS) private readonly limits: AiLimits,
    clock: Clock,
  ) {
    this.asks = new SlidingWindow(limits.asks, limits.asksWindowMs, () => clock.now());
  }

  /** Throws `ai.busy` while an earlier answer at home is being written, and `rate.limited` after too many questions. */
  enter(userId: string, place: 'home' | 'room'): Pass {
    const isHome = place === 'home';
    if ((isHome && this.atHome.has(userId)) || this.inside >= this.limits.running) {
      throw new DomainError('ai.busy', { retryAfterMs: BUSY_MS });
    }
    const wait = this.asks.take(userId);
    if (wait > 0) {
      throw new DomainError('rate.limited', { retryAfterMs: wait });
    }
    this.inside++;
    if (isHome) {
      this.atHome.add(userId);
    }
    let isInside = true;
    const leave = () => {
      if (isInside) {
        isInside = false;
        this.inside--;
        if (isHome) {
          this.atHome.delete(userId);
        }
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
