import { Injectable } from '@nestjs/common';

import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import { AiSettings } from '../settings/ai.settings.js';
import { BudgetsRepository } from './budgets.repository.js';
import { UsageRepository } from './usage.repository.js';

/** Who pays for everybody. */
export const SERVER = 'server';
/** What watching rooms is counted for; that is no part of the server's. */
export const WATCH = 'watch';
export const DAY_MS = 24 * 60 * 60 * 1000;

/** The day (UTC) of a time, as the budgets count it. */
export const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

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
    private readonly settings: AiSettings,
    private readonly budgets: BudgetsRepository,
    private readonly usage: UsageRepository,
    private readonly clock: Clock,
  ) {}

  /** Throws `ai.quota`, with the time until the next day, when the person or the server has not enough left. */
  async reserve(payer: string, tokens: number): Promise<Reservation> {
    const now = this.clock.now();
    const day = dayOf(now);
    const own = await this.budgets.of(payer);
    const { tokensPerPerson, tokensPerServer } = this.settings.now;
    const payers = [
      { payer, limit: own ?? tokensPerPerson },
      { payer: SERVER, limit: tokensPerServer },
    ] as const;
    const taken = await this.usage.take(day, tokens, payers);
    if (taken.length < payers.length) {
      if (taken.length > 0) {
        await this.usage.add(day, taken, -tokens);
      }
      throw new DomainError('ai.quota', { retryAfterMs: DAY_MS - (now % DAY_MS) });
    }
    return { day, payer, reserved: tokens };
  }

  /** Puts what was really used in the place of what was set aside. */
  async settle({ day, payer, reserved }: Reservation, used: number): Promise<void> {
    if (used !== reserved) {
      await this.usage.add(day, [payer, SERVER], used - reserved);
    }
  }
}
