import { randomUUID } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';

import { Clock } from '../../common/clock.js';
import { Bus } from '../bus/bus.js';
import { script } from '../bus/redis.link.js';
import { REDIS_LINK, type SharedLink } from './redis-link.token.js';
import { SlidingWindow } from './sliding.window.js';

/** KEYS: the times taken. ARGV: how many at most, the window in ms, a name for this one. Answers 0 or the ms to wait. */
const TAKE = script(`
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local most, window = tonumber(ARGV[1]), tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
local taken = redis.call('ZCARD', KEYS[1])
if taken >= most then
  local first = redis.call('ZRANGE', KEYS[1], taken - most, taken - most, 'WITHSCORES')[2]
  return math.max(1, first + window - now)
end
redis.call('ZADD', KEYS[1], now, ARGV[3])
redis.call('PEXPIRE', KEYS[1], window)
return 0
`);

const GIVE_BACK = script(`return #redis.call('ZPOPMAX', KEYS[1])`);

/**
 * At most so many in any stretch of a window, by key, over all nodes; the time is Redis'. While Redis is away each node
 * allows its share, and never more than the whole.
 */
export class SharedWindow {
  private readonly here: SlidingWindow;
  /** What a key has asked for and not been told: answers come in the order of the questions. */
  private readonly asking = new Map<string, Promise<number>>();

  constructor(
    private readonly name: string,
    private readonly most: () => number,
    private readonly windowMs: number,
    now: () => number,
    private readonly bus: Bus,
    private readonly link: SharedLink,
  ) {
    this.here = new SlidingWindow(() => this.mostHere, windowMs, now);
  }

  /**
   * Takes one. Answers 0, or how many milliseconds to wait when there is none left; at once on a server that is alone,
   * and for one key always in the order asked.
   */
  take(key: string): number | Promise<number> {
    if (!this.link) {
      return this.here.take(key);
    }
    const before = this.asking.get(key) ?? Promise.resolve(0);
    const answer = before.then(() => this.ask(key));
    this.asking.set(key, answer);
    void answer.finally(() => {
      if (this.asking.get(key) === answer) {
        this.asking.delete(key);
      }
    });
    return answer;
  }

  /** Gives the last one back: nothing came of it. */
  refund(key: string): void {
    this.here.refund(key);
    this.link?.run(GIVE_BACK, [this.keyOf(key)], []).catch(() => undefined);
  }

  /** Forgets who has taken nothing in the window. */
  sweep(): void {
    this.here.sweep();
  }

  private get mostHere(): number {
    return this.bus.isTrusted ? this.most() : Math.max(1, Math.ceil(this.most() / this.bus.nodes));
  }

  private async ask(key: string): Promise<number> {
    const wait = this.here.take(key);
    if (wait > 0) {
      return wait;
    }
    try {
      const args = [this.most(), this.windowMs, randomUUID()];
      const there = Number(await this.link!.run(TAKE, [this.keyOf(key)], args));
      if (there > 0) {
        this.here.refund(key);
      }
      return there;
    } catch {
      // It counts here; this node's share is all that it gives.
      return 0;
    }
  }

  private keyOf(key: string): string {
    return `window:${this.name}:${key}`;
  }
}

/** Makes windows that all nodes share. */
@Injectable()
export class SharedWindows {
  constructor(
    private readonly clock: Clock,
    private readonly bus: Bus,
    @Inject(REDIS_LINK) private readonly link: SharedLink,
  ) {}

  make(name: string, most: () => number, windowMs: number): SharedWindow {
    return new SharedWindow(name, most, windowMs, () => this.clock.now(), this.bus, this.link);
  }
}
