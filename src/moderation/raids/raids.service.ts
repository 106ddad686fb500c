import { Injectable } from '@nestjs/common';

import type { ActionKind, RaidView } from '../../protocol/views.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import { idOf } from '../../common/nonce-id.js';
import type { Viewer } from '../../common/viewer.js';
import type { Raid } from '../../chat/raids/raid.entity.js';
import { RaidsRepository } from '../../chat/raids/raids.repository.js';
import { RoomRaids } from '../../chat/raids/room.raids.js';
import type { Room } from '../../chat/rooms/room.entity.js';
import { RoomsRepository } from '../../chat/rooms/rooms.repository.js';
import { ActionLog } from '../actions/action.log.js';
import { StaffService, type AtWork } from '../staff.service.js';
import type { StartRaidDto } from './raid.dto.js';

const DEFAULT_SECONDS = 30;

/**
 * Staff of a room lead its viewers to another room, and call them back. The row is written first, and says that no other may
 * begin; every node tells its people what the rows say.
 */
@Injectable()
export class RaidsService {
  constructor(
    private readonly staff: StaffService,
    private readonly rooms: RoomsRepository,
    private readonly raids: RaidsRepository,
    private readonly known: RoomRaids,
    private readonly actions: ActionLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Throws `auth.forbidden`, `room.read-only` for an archived room, `raid.target` for what is no open room of everybody's or
   * the room itself, and `raid.on` while another one goes on.
   */
  async start(viewer: Viewer, slug: string, { to, seconds, nonce }: StartRaidDto): Promise<RaidView> {
    const work = await this.staff.at(viewer, slug);
    const { room } = work.live;
    if (room.archived) {
      throw new DomainError('room.read-only');
    }
    const target = await this.target(room, to);
    const raid: Raid = {
      id: idOf(work.account.id, nonce && `raid ${room.id} ${nonce}`),
      roomId: room.id,
      targetId: target.id,
      endsAt: this.clock.now() + (seconds ?? DEFAULT_SECONDS) * 1000,
      closedAt: null,
      stopped: false,
      toldAt: null,
    };
    if (!(await this.insert(raid))) {
      return this.startedBefore(raid);
    }
    await this.record(work, 'raid.start', target, { seconds: seconds ?? DEFAULT_SECONDS });
    await this.known.news();
    return this.known.present(raid, target);
  }

  /** Throws `auth.forbidden`, and `not-found` when nobody is being led anywhere. */
  async stop(viewer: Viewer, slug: string): Promise<void> {
    const work = await this.staff.at(viewer, slug);
    const raid = await this.raids.going(work.live.room.id);
    const now = this.clock.now();
    const isStopped =
      raid !== null &&
      raid.endsAt > now &&
      (await this.raids.close(raid.id, { closedAt: now, stopped: true }));
    if (!isStopped) {
      throw new DomainError('not-found');
    }
    await this.record(work, 'raid.stop', await this.rooms.findById(raid.targetId));
    await this.known.news();
  }

  /** Whatever the room is not to lead to is refused alike: whose conversations there are is nobody's business. */
  private async target(room: Room, slug: string): Promise<Room> {
    const target = await this.rooms.findBySlug(slug);
    const isOpen = target !== null && target.kind !== 'assistant' && !target.archived;
    if (!isOpen || target.id === room.id) {
      throw new DomainError('raid.target');
    }
    return target;
  }

  /** False while another one goes on; one whose time is up is in nobody's way. */
  private async insert(raid: Raid): Promise<boolean> {
    if (await this.raids.insert(raid)) {
      return true;
    }
    const other = await this.raids.going(raid.roomId);
    if (!other || other.id === raid.id || other.endsAt > this.clock.now()) {
      return false;
    }
    await this.raids.close(other.id, { closedAt: other.endsAt, stopped: false });
    return this.raids.insert(raid);
  }

  /** The same again is answered as the first time. */
  private async startedBefore({ id, roomId }: Raid): Promise<RaidView> {
    const same = await this.raids.findById(id);
    const target = same?.roomId === roomId ? await this.rooms.findById(same.targetId) : null;
    if (!same || !target) {
      throw new DomainError('raid.on');
    }
    return this.known.present(same, target);
  }

  private async record(
    { live, account, address }: AtWork,
    action: ActionKind,
    target: Room | null,
    more: object = {},
  ): Promise<void> {
    const details = { ...(target && { to: target.slug, title: target.title }), ...more };
    await this.actions.record({ account, address }, { action, roomId: live.room.id, details });
  }
}
