import { randomUUID } from 'node:crypto';

import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import type { HeldView } from '../../protocol/views.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import type { Viewer } from '../../common/viewer.js';
import { refusalOf, type Actor, type Outcome } from '../../chat/log/draft.js';
import type { HeldMessage } from '../../chat/log/held-message.entity.js';
import { HeldMessagesRepository, type Kept } from '../../chat/log/held-messages.repository.js';
import { LogWriter } from '../../chat/log/log.writer.js';
import { presentHeld } from '../../chat/messages/held.presenter.js';
import { presentStored, type Stored } from '../../chat/messages/messages.service.js';
import type { LiveRoom } from '../../chat/rooms/live-room.js';
import { LiveRooms } from '../../chat/rooms/live-rooms.js';
import { UsersService } from '../../users/users.service.js';
import { StaffService } from '../staff.service.js';

/** What nobody has looked at by then belongs to another conversation. */
export const HELD_MS = 60 * 60_000;
/** So long it is known what became of a nonce. */
const REMEMBERED_MS = 24 * 60 * 60_000;
/** The server itself, which no sanction concerns. */
const NOBODY: Actor = { id: '', nickname: '', role: 'ai' };

/**
 * Messages that wait for review: staff of the room let them into its log, or do not. Decided under the lock of the room,
 * so that whoever is first decides, on whatever node.
 */
@Injectable()
export class HeldService {
  private readonly logger = new Logger('Review');

  constructor(
    private readonly staff: StaffService,
    private readonly held: HeldMessagesRepository,
    private readonly users: UsersService,
    private readonly log: LogWriter,
    private readonly live: LiveRooms,
    private readonly clock: Clock,
  ) {}

  /** What waits in a room, the oldest first. Throws `auth.forbidden` for whoever is not staff there. */
  async list(viewer: Viewer, slug: string): Promise<HeldView[]> {
    const { live } = await this.staff.at(viewer, slug);
    return (await this.held.waiting(live.room.id)).map(presentHeld);
  }

  /**
   * Posts a message for its author; the same again answers the same. Throws `not-found` when there is none, or it was
   * settled otherwise.
   */
  async approve(viewer: Viewer, slug: string, id: string): Promise<Stored> {
    const { live, account } = await this.staff.at(viewer, slug);
    const message = await this.held.findById(id);
    if (message && !(await this.users.findAccount(message.userId))) {
      // Its author has gone, and takes it along.
      await this.settle(live, id, NOBODY, 'expired');
    }
    if (!message) {
      throw new DomainError('not-found');
    }
    const outcome = await this.log.append({
      type: 'approve',
      roomId: live.room.id,
      id,
      heldId: id,
      user: { id: message.userId, nickname: message.userName },
      actor: actorOf(account),
      from: viewer.address,
      nonce: null,
    });
    if (outcome.status === 'stored') {
      this.live.tellStaff(live.room.id, { event: 'held.settled', data: { id, as: 'approved' } });
      return presentStored(outcome.entry);
    }
    if (outcome.status === 'dup') {
      return { ...presentStored(outcome), dup: true };
    }
    throw faultOf(outcome);
  }

  /** Has a message never be posted, and tells its author. Throws as `approve` does. */
  async deny(viewer: Viewer, slug: string, id: string): Promise<void> {
    const { live, account } = await this.staff.at(viewer, slug);
    const outcome = await this.settle(live, id, actorOf(account), 'denied', viewer.address);
    if (outcome.status !== 'settled') {
      throw faultOf(outcome);
    }
  }

  /** Posts a message that nobody has to review after all. False when it cannot be, or was settled otherwise. */
  async release({ id, roomId, userId, userName }: HeldMessage): Promise<boolean> {
    const { status } = await this.log.append({
      type: 'approve',
      roomId,
      id,
      heldId: id,
      user: { id: userId, nickname: userName },
      actor: NOBODY,
      nonce: null,
    });
    return status === 'stored' || status === 'dup';
  }

  /** Has a message that waited for a look wait for staff, and tells them; nothing if it does not wait any more. */
  async keep({ id, roomId }: HeldMessage, as: Kept): Promise<void> {
    const message = (await this.held.keep(id, as)) ? await this.held.findById(id) : null;
    if (message?.status === 'held') {
      this.live.tellStaff(roomId, { event: 'held.added', data: presentHeld(message) });
    }
  }

  /** Lets go of what nobody has looked at, and of what was settled long ago. */
  @Interval(60_000)
  async sweep(): Promise<void> {
    const now = this.clock.now();
    try {
      for (const { id, roomId } of await this.held.waitingBefore(now - HELD_MS)) {
        await this.settle(await this.live.open(roomId), id, NOBODY, 'expired');
      }
      await this.held.forgetSettledBefore(now - REMEMBERED_MS);
    } catch (error) {
      this.logger.error(error);
    }
  }

  private async settle(
    live: LiveRoom,
    heldId: string,
    actor: Actor,
    as: 'denied' | 'expired',
    from?: string,
  ): Promise<Outcome> {
    const outcome = await this.log.append({
      type: 'deny',
      roomId: live.room.id,
      id: randomUUID(),
      heldId,
      actor,
      nonce: null,
      ...(from !== undefined && { from }),
      as,
    });
    if (outcome.status === 'settled' && !outcome.dup) {
      this.tell(live, outcome.message, as);
    }
    return outcome;
  }

  private tell(live: LiveRoom, { id, userId, nonce }: HeldMessage, as: 'denied' | 'expired'): void {
    live.tellDenied(userId, nonce);
    this.live.tellStaff(live.room.id, { event: 'held.settled', data: { id, as } });
  }
}

const actorOf = ({ id, nickname, role }: Actor): Actor => ({ id, nickname, role });

function faultOf(outcome: Outcome): Error {
  return outcome.status === 'refused' ? refusalOf(outcome) : new DomainError('internal');
}
