import { Inject, Injectable } from '@nestjs/common';

import { DomainError } from '../../common/errors.js';
import type { Viewer } from '../../common/viewer.js';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import { Bus } from '../bus/bus.js';
import { Hub } from '../hub.js';
import { Census } from './census.js';
import { LIVE_NODES, SEAT } from './census.scripts.js';
import { REDIS_LINK, type SharedLink } from './redis-link.token.js';

const FULL_MS = 10_000;
/** A handshake that was admitted has become a socket by then, or never will. */
const ARRIVAL_MS = 10_000;

/** What there may only be so many of. */
interface Bound {
  readonly key: string;
  readonly most: number;
  readonly open: () => number;
}

/**
 * How many sockets a person and an address have open, over all nodes. A seat is taken before the handshake is answered, so
 * that many at once are not more than many in a row. While Redis is away each node gives its share.
 */
@Injectable()
export class Seats {
  /** Admitted, and not a socket yet; by key. */
  private readonly arriving = new Map<string, number>();

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly hub: Hub,
    private readonly bus: Bus,
    private readonly census: Census,
    @Inject(REDIS_LINK) private readonly link: SharedLink,
  ) {
    // What was said before Redis went away counts no more: all is said again.
    this.link?.onTrusted(() => this.tellAll());
  }

  /** Throws `rate.limited` when the person or their address already has all the sockets it may have. */
  async check(viewer: Viewer): Promise<void> {
    this.checkHere(viewer);
    for (const bound of this.bounds(viewer)) {
      await this.say(bound, 1, true);
    }
  }

  /** The same by what this node alone knows. */
  checkHere(viewer: Viewer): void {
    const nodes = this.bus.isTrusted ? 1 : this.bus.nodes;
    for (const { most, open } of this.bounds(viewer)) {
      if (open() >= Math.ceil(most / nodes)) {
        throw full();
      }
    }
  }

  /** Takes a seat for a socket that is about to open. Call what it answers when the socket is in the hub. */
  async take(viewer: Viewer): Promise<() => void> {
    this.checkHere(viewer);
    if (!this.link) {
      return () => undefined;
    }
    const bounds = this.bounds(viewer);
    bounds.forEach(({ key }) => this.arriving.set(key, (this.arriving.get(key) ?? 0) + 1));
    let isDone = false;
    const arrived = () => {
      if (!isDone) {
        isDone = true;
        clearTimeout(timer);
        bounds.forEach(({ key }) => this.leaveArrivals(key));
        this.tell(viewer);
      }
    };
    const timer = setTimeout(arrived, ARRIVAL_MS).unref();
    try {
      for (const bound of bounds) {
        await this.say(bound, 0, false);
      }
    } catch (refusal) {
      arrived();
      throw refusal;
    }
    return arrived;
  }

  /** A socket has been closed, and is out of the hub. */
  tell(viewer: Viewer): void {
    for (const bound of this.bounds(viewer)) {
      void this.run(bound.key, this.countOf(bound), 0, false);
    }
  }

  private tellAll(): void {
    // One socket of each person and address is enough to say how many there are.
    const seen = new Map(
      this.hub.all().map(({ viewer }) => [`${viewer.account?.id} ${viewer.address}`, viewer]),
    );
    seen.forEach((viewer) => this.tell(viewer));
  }

  private async say(bound: Bound, more: number, isOnlyAsked: boolean): Promise<void> {
    if (!(await this.run(bound.key, this.countOf(bound) + more, bound.most, isOnlyAsked))) {
      throw full();
    }
  }

  private async run(key: string, count: number, most: number, isOnlyAsked: boolean): Promise<boolean> {
    try {
      const args = [this.census.name, count, most, isOnlyAsked ? 1 : 0];
      return !this.link || Number(await this.link.run(SEAT, [LIVE_NODES, key], args)) === 1;
    } catch {
      // This node's own count has been looked at.
      return true;
    }
  }

  private countOf({ key, open }: Bound): number {
    return open() + (this.arriving.get(key) ?? 0);
  }

  private leaveArrivals(key: string): void {
    const left = (this.arriving.get(key) ?? 1) - 1;
    if (left > 0) {
      this.arriving.set(key, left);
    } else {
      this.arriving.delete(key);
    }
  }

  private bounds({ account, address }: Viewer): Bound[] {
    const { maxSocketsPerUser, maxSocketsPerAddress } = this.config;
    const ofAddress = {
      key: `seats:address:${address}`,
      most: maxSocketsPerAddress,
      open: () => this.hub.countOfAddress(address),
    };
    if (!account) {
      return [ofAddress];
    }
    const { id } = account;
    const ofUser = {
      key: `seats:user:${id}`,
      most: maxSocketsPerUser,
      open: () => this.hub.countOfUser(id),
    };
    return [ofUser, ofAddress];
  }
}

function full(): DomainError {
  return new DomainError('rate.limited', { retryAfterMs: FULL_MS });
}
