import { Inject, Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

import { DomainError } from '../../common/errors.js';
import { Bus } from '../bus/bus.js';
import { script, type RedisLink } from '../bus/redis.link.js';
import { REDIS_LINK, type SharedLink } from './redis-link.token.js';

/** So many in a stretch of time that begins with the first, by key, over all nodes; while Redis is away each its share. */
export class SharedCounter {
  private readonly limiter: RateLimiterMemory | RateLimiterRedis;
  private readonly here: RateLimiterMemory;

  constructor(
    name: string,
    private readonly points: number,
    seconds: number,
    private readonly bus: Bus,
    link: SharedLink,
  ) {
    const options = { keyPrefix: `count:${name}`, points, duration: seconds };
    this.here = new RateLimiterMemory(options);
    this.limiter = link
      ? new RateLimiterRedis({
          ...options,
          storeClient: clientOver(link),
          useRedisPackage: true,
          insuranceLimiter: this.here,
        })
      : this.here;
  }

  /** Counts one. Throws `rate.limited` when there have been too many. */
  async take(key: string): Promise<void> {
    this.here.points = this.bus.isTrusted ? this.points : Math.ceil(this.points / this.bus.nodes);
    try {
      await this.limiter.consume(key);
    } catch (refusal) {
      throw refusal instanceof RateLimiterRes
        ? new DomainError('rate.limited', { retryAfterMs: refusal.msBeforeNext })
        : refusal;
    }
  }

  async giveBack(key: string): Promise<void> {
    await this.limiter.reward(key);
  }
}

/** Makes counters that all nodes share. */
@Injectable()
export class SharedCounters {
  constructor(
    private readonly bus: Bus,
    @Inject(REDIS_LINK) private readonly link: SharedLink,
  ) {}

  make(name: string, points: number, seconds: number): SharedCounter {
    return new SharedCounter(name, points, seconds, this.bus, this.link);
  }
}

/** The one command of node-redis that counting up and down needs. */
function clientOver(link: RedisLink) {
  return {
    eval: (lua: string, options: { keys: string[]; arguments: string[] }) =>
      link.run(script(lua), options.keys, options.arguments),
  };
}
