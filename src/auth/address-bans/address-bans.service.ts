import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';

import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import { CloseCode } from '../../protocol/close-codes.js';
import { addressKey } from '../../common/address.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import { isStaff, speakerOf, type Account, type Viewer } from '../../common/viewer.js';
import { Bus } from '../../realtime/bus/bus.js';
import { Hub } from '../../realtime/hub.js';
import { SessionsRepository } from '../sessions.repository.js';
import type { AddressBan } from './address-ban.entity.js';
import { AddressBansRepository } from './address-bans.repository.js';

const TOPIC = 'address-bans';
/** How soon a change on another node holds here, should its word be lost. */
const LOOK_EVERY_MS = 2000;

type Person = Pick<Account, 'id' | 'nickname'>;

/**
 * Addresses that only the server's staff take part from. A ban holds from the moment it is answered, on other nodes as
 * soon as they hear of it, and within two seconds. Addresses are those that `TRUST_PROXY` lets be seen.
 */
@Injectable()
export class AddressBans implements OnApplicationBootstrap {
  private readonly log = new Logger('AddressBans');
  private banned = new Set<string>();

  constructor(
    private readonly bans: AddressBansRepository,
    private readonly sessions: SessionsRepository,
    private readonly hub: Hub,
    private readonly bus: Bus,
    private readonly clock: Clock,
  ) {
    bus.subscribe<object>(TOPIC, () => this.watch());
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.look();
  }

  @Interval(LOOK_EVERY_MS)
  watch(): void {
    this.look().catch((error: unknown) => this.log.error(error));
  }

  /** Whether this viewer comes from where nobody but staff may. */
  shuts(viewer: Pick<Viewer, 'account' | 'address'>): boolean {
    return this.banned.has(viewer.address) && !isStaff(viewer);
  }

  list(): Promise<AddressBan[]> {
    return this.bans.all();
  }

  /** Where somebody has logged in from and is connected from to this node. */
  async of(userId: string): Promise<string[]> {
    const logIns = await this.sessions.findLiveOf(userId, this.clock.now());
    const sockets = this.hub.all().filter(({ viewer }) => speakerOf(viewer)?.id === userId);
    return [...logIns.map(({ address }) => address), ...sockets.map(({ viewer }) => viewer.address)];
  }

  /**
   * Bans addresses with somebody, except the one that `by` acts from: nobody shuts the door on themselves, nor on
   * everybody behind a proxy that is not trusted. Answers how many.
   */
  async impose(
    addresses: readonly string[],
    whom: Person,
    by: Person & { address: string },
    reason: string | null,
  ): Promise<number> {
    const fresh = new Set(addresses);
    ['', 'unknown', by.address, ...this.banned].forEach((address) => fresh.delete(address));
    const bans = [...fresh].map((address) => this.banOf(address, whom, by, reason));
    if (bans.length > 0) {
      await this.bans.insert(bans);
      await this.changed();
    }
    return bans.length;
  }

  /**
   * Bans an address by itself; one that is banned stays as it is. Throws `frame.invalid` for what is no address, and for the
   * one that `by` acts from.
   */
  async imposeOn(
    raw: string,
    by: Person & { address: string },
    reason: string | null,
  ): Promise<{ ban: AddressBan; isNew: boolean }> {
    const bare = raw.trim().replace(/\/64$/, '');
    const address = addressKey(bare);
    if (isIP(bare) === 0) {
      throw new DomainError('frame.invalid', { fields: { address: 'field.address' } });
    }
    if (address === by.address) {
      throw new DomainError('frame.invalid', { fields: { address: 'field.own-address' } });
    }
    const known = (await this.bans.all()).find((ban) => ban.address === address);
    if (known) {
      return { ban: known, isNew: false };
    }
    const ban = this.banOf(address, { id: '', nickname: '' }, by, reason);
    await this.bans.insert([ban]);
    await this.changed();
    return { ban, isNew: true };
  }

  /** Ends one ban, or all that came with somebody's. Answers those that have ended. */
  async lift(which: { id: string } | { userId: string }): Promise<AddressBan[]> {
    const lifted = await this.bans.delete(which);
    if (lifted.length > 0) {
      await this.changed();
    }
    return lifted;
  }

  private banOf(address: string, whom: Person, by: Person, reason: string | null): AddressBan {
    return {
      id: randomUUID(),
      address,
      userId: whom.id,
      userName: whom.nickname,
      reason,
      byId: by.id,
      byName: by.nickname,
      at: this.clock.now(),
    };
  }

  private async changed(): Promise<void> {
    await this.look();
    this.bus.publish(TOPIC, {});
  }

  private async look(): Promise<void> {
    this.banned = new Set((await this.bans.all()).map(({ address }) => address));
    for (const address of this.banned) {
      for (const connection of this.hub.atAddress(address)) {
        if (this.shuts(connection.viewer)) {
          connection.close(CloseCode.Banned);
        }
      }
    }
  }
}
