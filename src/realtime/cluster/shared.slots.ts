import { Inject, Injectable } from '@nestjs/common';

import { Census } from './census.js';
import { LIVE_NODES, SEAT } from './census.scripts.js';
import { REDIS_LINK, type SharedLink } from './redis-link.token.js';

/**
 * Things of which there may be one at a time over all nodes. A node that dies lets go of what it held; while Redis is away
 * each node decides for itself.
 */
@Injectable()
export class SharedSlots {
  private readonly held = new Set<string>();

  constructor(
    private readonly census: Census,
    @Inject(REDIS_LINK) private readonly link: SharedLink,
  ) {
    this.link?.onTrusted(() => this.held.forEach((key) => void this.say(key, 1, 0)));
  }

  /** Takes it, if nobody has it; answers whether it did. */
  async take(key: string): Promise<boolean> {
    if (this.held.has(key)) {
      return false;
    }
    this.held.add(key);
    if (await this.say(key, 1, 1)) {
      return true;
    }
    this.held.delete(key);
    return false;
  }

  free(key: string): void {
    if (this.held.delete(key)) {
      void this.say(key, 0, 0);
    }
  }

  private async say(key: string, count: number, most: number): Promise<boolean> {
    try {
      const args = [this.census.name, count, most, 0];
      return !this.link || Number(await this.link.run(SEAT, [LIVE_NODES, `slot:${key}`], args)) === 1;
    } catch {
      return true;
    }
  }
}
