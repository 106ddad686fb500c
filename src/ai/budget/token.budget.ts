import { Inject, Injectable } from '@nestjs/common';

import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import { AI_LIMITS, type AiLimits } from '../ai.limits.js';
import { UsageRepository } from './usage.repository.js';

const SERVER = 'server';
const DAY_MS = 24 * 60 * 60 * 1000;

/** Tokens set aside for one call, to be settled when it is known what it took. */
export interface Reservation {
  readonly day: string;
  readonly payer: string;
  readonly reserved: number;
}

/** Tokens per person and for the whole server and day (UTC): set aside before a call, settled after it. */
@Injectable()
export class TokenBudget {
  constructor(
    @Inject(AI_LIMITS) private readonly limits: AiLimits,
    private readonly usage: UsageRepository,
    private readonly clock: Clock,
  ) {}

  /** Throws `ai.quota`, with the time until the next day, when the person or the server has not enough left. */
  async reserve(payer: string, tokens: number): Promise<Reservation> {
    const now = this.clock.now();
    const day = new Date(now).toISOString().slice(0, 10);
    const full = () => new DomainError('ai.quota', { retryAfterMs: DAY_MS - (now % DAY_MS) });
    if (!(await this.usage.take(day, payer, tokens, this.limits.tokensPerPerson))) {
      throw full();
    }
    if (!(await this.usage.take(day, SERVER, tokens, this.limits.tokensPerServer))) {
      await this.usage.add(day, payer, -tokens);
      throw full();
    }
    return { day, payer, reserved: tokens };
  }

  /** Puts what was really used in the place of what was set aside. */
  async settle({ day, payer, reserved }: Reservation, used: number): Promise<void> {
    if (used !== reserved) {
      await this.usage.add(day, payer, used - reserved);
      await this.usage.add(day, SERVER, used - reserved);
    }
  }
}
