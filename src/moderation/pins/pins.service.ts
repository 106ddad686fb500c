import { randomUUID } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import type { PinView } from '../../protocol/views.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import type { Viewer } from '../../common/viewer.js';
import { LogWriter } from '../../chat/log/log.writer.js';
import { LiveRooms } from '../../chat/rooms/live-rooms.js';
import { shownPin } from '../../chat/rooms/pin.js';
import type { Room } from '../../chat/rooms/room.entity.js';
import { RoomsService } from '../../chat/rooms/rooms.service.js';
import { StaffService, type AtWork } from '../staff.service.js';

/** Which message, and for how long. */
export interface WantedPin {
  readonly target: number;
  readonly seconds?: number | undefined;
  readonly nonce?: string | undefined;
}

type Written = Awaited<ReturnType<LogWriter['write']>>;

/**
 * One message on top of a room. It follows its message: an edit shows, a removal hides it, and a restoration brings it
 * back while its time is not over.
 */
@Injectable()
export class PinsService {
  constructor(
    private readonly staff: StaffService,
    private readonly rooms: RoomsService,
    private readonly live: LiveRooms,
    private readonly log: LogWriter,
    private readonly clock: Clock,
  ) {}

  /** What there is to be seen on top of a room now, for this viewer. */
  async find(viewer: Viewer, { id }: Pick<Room, 'id'>): Promise<PinView | null> {
    const live = await this.live.open(id);
    return shownPin(live.pinFor(live.viewerHere(viewer)), this.clock.now());
  }

  /** Throws `not-found` when there is nothing to be seen. */
  async show(viewer: Viewer, slug: string): Promise<PinView> {
    const pin = await this.find(viewer, await this.rooms.findSpeakable(viewer, slug));
    if (!pin) {
      throw new DomainError('not-found');
    }
    return pin;
  }

  /** Puts a message on top, in place of the one there. Throws `not-found` for what is no message, or is removed. */
  async pin(viewer: Viewer, slug: string, { target, seconds, nonce }: WantedPin): Promise<Written> {
    const work = await this.staff.at(viewer, slug);
    const until = seconds === undefined ? null : this.clock.now() + seconds * 1000;
    return this.log.write({ type: 'pin', target, until, ...draftBase(work, nonce) });
  }

  /** Throws `not-found` when nothing is pinned. */
  async unpin(viewer: Viewer, slug: string): Promise<void> {
    await this.log.write({ type: 'unpin', ...draftBase(await this.staff.at(viewer, slug)) });
  }
}

function draftBase({ live, account, address }: AtWork, nonce: string = randomUUID()) {
  const { id, nickname, role } = account;
  return { roomId: live.room.id, id: randomUUID(), actor: { id, nickname, role }, nonce, from: address };
}
