import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import type { Account, Viewer } from '../../common/viewer.js';
import { Throttles } from '../../auth/throttles.js';
import { UsersService } from '../../users/users.service.js';
import { RuleConsentsRepository } from '../log/rule-consents.repository.js';
import { LiveRooms } from '../rooms/live-rooms.js';
import { RoomsService } from '../rooms/rooms.service.js';
import { GuestsRepository } from './guests.repository.js';

const HOUR_MS = 60 * 60_000;
/** So long a sanction against a guest keeps their address from getting another name. */
const SHUT_MS = 24 * HOUR_MS;
/** So long a name stays a guest's who has gone. */
const KEPT_MS = 24 * HOUR_MS;

/** Guests who write under a name they chose, in rooms that let them. */
@Injectable()
export class GuestsService {
  private readonly log = new Logger(GuestsService.name);

  constructor(
    private readonly guests: GuestsRepository,
    private readonly rooms: RoomsService,
    private readonly live: LiveRooms,
    private readonly users: UsersService,
    private readonly consents: RuleConsentsRepository,
    private readonly throttles: Throttles,
    private readonly clock: Clock,
  ) {}

  /**
   * Gives a guest a name to write under; who logs them in is the caller's affair. Throws `auth.forbidden` for whoever has
   * an account, `room.members-only` where guests do not write, `user.banned` or `user.timed-out` while a guest of the same
   * address is, `rate.limited`, and what is wrong with the name.
   */
  async name(viewer: Viewer, slug: string, nickname: string): Promise<Account> {
    if (viewer.account) {
      throw new DomainError('auth.forbidden');
    }
    const room = await this.rooms.findSpeakable(viewer, slug);
    const { settings } = await this.live.open(room.id);
    if (!settings.guests) {
      throw new DomainError('room.members-only');
    }
    await this.requireUnsanctioned(viewer.address);
    const count = await this.throttles.countGuest(viewer.address);
    try {
      return await this.users.createGuest(nickname, viewer.address);
    } catch (error) {
      await count.release();
      throw error;
    }
  }

  @Interval(HOUR_MS)
  async sweep(): Promise<void> {
    const now = this.clock.now();
    try {
      await this.guests.deleteGone(now - KEPT_MS, now);
      await this.consents.forgetGone();
    } catch (error) {
      this.log.error(error);
    }
  }

  /** A name costs nothing, so that another one would end every sanction. */
  private async requireUnsanctioned(address: string): Promise<void> {
    const now = this.clock.now();
    const found = await this.guests.sanctionsAt(address, now - SHUT_MS, now);
    if (found.some(({ action }) => action === 'ban')) {
      throw new DomainError('user.banned');
    }
    if (found.length > 0) {
      const until = Math.max(...found.map((sanction) => sanction.until ?? 0));
      throw new DomainError('user.timed-out', { retryAfterMs: until - now });
    }
  }
}
