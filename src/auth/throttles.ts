import { Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

import { DomainError } from '../common/errors.js';

const HOUR = 60 * 60;
const QUARTER = 15 * 60;

/** Bounds on guessing passwords and on making accounts, counted per address (IPv6: per /64) on this node. */
@Injectable()
export class Throttles {
  private readonly created = new RateLimiterMemory({ points: 30, duration: HOUR });
  private readonly wrongByName = new RateLimiterMemory({ points: 5, duration: QUARTER });
  private readonly wrongByAddress = new RateLimiterMemory({ points: 50, duration: QUARTER });

  /** Counts an account made from this address; `release` takes it back when none was made after all. */
  async countAccount(address: string): Promise<{ release(): Promise<void> }> {
    return take([[this.created, address]]);
  }

  /**
   * Counts an attempt before the password is checked, so that many at once are not more than many in a row; `release`
   * takes it back when the password was right. Nobody can lock a person out: another address has its own count.
   */
  async countAttempt(address: string, usernameKey: string): Promise<{ release(): Promise<void> }> {
    return take([
      [this.wrongByName, `${address} ${usernameKey}`],
      [this.wrongByAddress, address],
    ]);
  }
}

async function take(counts: [RateLimiterMemory, string][]): Promise<{ release(): Promise<void> }> {
  try {
    for (const [limiter, key] of counts) {
      await limiter.consume(key);
    }
  } catch (refusal) {
    throw refusal instanceof RateLimiterRes
      ? new DomainError('rate.limited', { retryAfterMs: refusal.msBeforeNext })
      : refusal;
  }
  return {
    release: async () => {
      await Promise.all(counts.map(([limiter, key]) => limiter.reward(key)));
    },
  };
}
