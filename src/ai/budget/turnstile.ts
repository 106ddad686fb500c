import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import { DomainError } from '../../common/errors.js';
import { AI_LIMITS, type AiLimits } from '../ai.limits.js';
import { AiSettings } from '../settings/ai.settings.js';
import { Line, type Seat } from './line.js';
import { SharedSlots } from '../../realtime/cluster/shared.slots.js';
import { SharedWindows, type SharedWindow } from '../../realtime/cluster/shared.window.js';

const BUSY_MS = 5000;

/** A person's turn with the AI, now or when those before them have left. */
export interface Pass {
  readonly seat: Pick<Seat, 'place' | 'turn' | 'onMove'>;
  /** The answer has ended: the next one may come. May be called twice. */
  leave(): void;
  /** Nothing came of it, so it does not count. */
  refund(): void;
}

/**
 * At home one answer at a time for each person and so many questions in a window, both over all nodes; so many answers on
 * this node at one time, and a line of those who wait for that. In the line everybody has one place.
 */
@Injectable()
export class Turnstile {
  /** Who waits, by their place. */
  private readonly waiting = new Map<Seat, string>();
  private readonly line: Line;
  private readonly asks: SharedWindow;

  constructor(
    @Inject(AI_LIMITS) limits: AiLimits,
    settings: AiSettings,
    private readonly atHome: SharedSlots,
    windows: SharedWindows,
  ) {
    this.line = new Line(
      () => settings.now.running,
      () => settings.now.queue,
    );
    this.asks = windows.make('asks', () => settings.now.asks, limits.asksWindowMs);
  }

  /** How many wait for their turn. */
  get queued(): number {
    return this.line.length;
  }

  /**
   * Throws `ai.busy` while an earlier answer at home is being written, to who waits in the line already, and when the line is
   * full; and `rate.limited` after too many questions.
   */
  async enter(userId: string, place: 'home' | 'room'): Promise<Pass> {
    const slot = place === 'home' ? `ask:${userId}` : null;
    if (slot !== null && !(await this.atHome.take(slot))) {
      throw busy();
    }
    const seat = this.sitDown(userId);
    let isInside = true;
    const leave = () => {
      if (isInside) {
        isInside = false;
        if (seat) {
          this.waiting.delete(seat);
          seat.leave();
        }
        if (slot !== null) {
          this.atHome.free(slot);
        }
      }
    };
    if (!seat) {
      leave();
      throw busy();
    }
    const wait = await this.asks.take(userId);
    if (wait > 0) {
      leave();
      throw new DomainError('rate.limited', { retryAfterMs: wait });
    }
    return {
      seat,
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

  private sitDown(userId: string): Seat | null {
    const seat = this.line.enter();
    if (!seat || seat.place === 0) {
      return seat;
    }
    if ([...this.waiting.values()].includes(userId)) {
      seat.leave();
      return null;
    }
    this.waiting.set(seat, userId);
    void seat.turn.then(() => this.waiting.delete(seat));
    return seat;
  }
}

function busy(): DomainError {
  return new DomainError('ai.busy', { retryAfterMs: BUSY_MS });
}
