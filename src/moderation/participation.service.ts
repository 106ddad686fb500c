import { Injectable } from '@nestjs/common';

import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { speakerOf, type Account, type Viewer } from '../common/viewer.js';
import { SanctionsRepository } from '../chat/log/sanctions.repository.js';
import { WarningsRepository } from '../chat/log/warnings.repository.js';
import type { LiveRoom } from '../chat/rooms/live-room.js';
import { LiveRooms } from '../chat/rooms/live-rooms.js';
import { ageRefusal } from '../chat/rooms/room.policy.js';
import { RoomsService } from '../chat/rooms/rooms.service.js';

/** Somebody who takes part in a room in another way than by saying something. */
export interface Participant {
  readonly live: LiveRoom;
  /** As they rank there. */
  readonly account: Account;
  /** Others than staff are not to see what they do. */
  readonly isHidden: boolean;
}

/** Who may take part in a room by other means than words: as who may write there, but for the modes that are about words. */
@Injectable()
export class Participation {
  constructor(
    private readonly rooms: RoomsService,
    private readonly live: LiveRooms,
    private readonly sanctions: SanctionsRepository,
    private readonly warnings: WarningsRepository,
    private readonly clock: Clock,
  ) {}

  /** A room and who is looking at it. Throws `not-found`. */
  async look(viewer: Viewer, slug: string): Promise<{ live: LiveRoom; account: Account | null }> {
    const { id } = await this.rooms.findSpeakable(viewer, slug);
    const live = await this.live.open(id);
    return { live, account: speakerOf(live.viewerHere(viewer)) };
  }

  /**
   * Throws `not-found`, `auth.required` for nobody, `room.members-only` for a guest where they do not write,
   * `room.read-only` in an archived room, `room.established-only`, and what keeps this person from writing: `user.banned`,
   * `user.timed-out`, `user.warned`.
   */
  async require(viewer: Viewer, slug: string): Promise<Participant> {
    const { live, account } = await this.look(viewer, slug);
    if (account === null) {
      throw new DomainError('auth.required');
    }
    if (account.guest && !live.settings.guests) {
      throw new DomainError('room.members-only');
    }
    if (live.room.archived) {
      throw new DomainError('room.read-only');
    }
    const now = this.clock.now();
    const refusal = ageRefusal(account, live.settings, now);
    if (refusal) {
      throw refusal;
    }
    return { live, account, isHidden: await this.requireGoodStanding(account, live.room.id, now) };
  }

  /** Answers whether they are hidden. */
  private async requireGoodStanding({ id, role }: Account, roomId: number, now: number): Promise<boolean> {
    const found = await this.sanctions.inForce(id, roomId, now);
    if (found.some(({ action }) => action === 'ban')) {
      throw new DomainError('user.banned');
    }
    const timeouts = found.filter(({ action }) => action === 'timeout');
    if (timeouts.length > 0) {
      const until = Math.max(...timeouts.map((sanction) => sanction.until ?? now));
      throw new DomainError('user.timed-out', { retryAfterMs: until - now });
    }
    if ((await this.warnings.open(id, roomId)).length > 0) {
      throw new DomainError('user.warned');
    }
    return role === 'user' && found.some(({ action }) => action === 'hide');
  }
}
