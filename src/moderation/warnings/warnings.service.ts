import { Injectable } from '@nestjs/common';

import type { GivenWarningView, WarningView } from '../../protocol/views.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import { idOf } from '../../common/nonce-id.js';
import { speakerOf, type Account, type Viewer } from '../../common/viewer.js';
import { WarningsRepository } from '../../chat/log/warnings.repository.js';
import { presentWarning } from '../../chat/messages/warning.presenter.js';
import { LiveRooms } from '../../chat/rooms/live-rooms.js';
import { RoomsService } from '../../chat/rooms/rooms.service.js';
import { ActionLog } from '../actions/action.log.js';
import { ReportsService } from '../reports/reports.service.js';
import { maySanction } from '../sanctions/sanction.policy.js';
import { StaffService } from '../staff.service.js';
import { presentGivenWarning } from './warning.presenter.js';

/**
 * Words of staff that somebody has to acknowledge before they write in the room again. Once `warn` resolves, no node
 * takes anything new from them there until they do.
 */
@Injectable()
export class WarningsService {
  constructor(
    private readonly staff: StaffService,
    private readonly rooms: RoomsService,
    private readonly warnings: WarningsRepository,
    private readonly live: LiveRooms,
    private readonly reports: ReportsService,
    private readonly actions: ActionLog,
    private readonly clock: Clock,
  ) {}

  /** Throws `auth.forbidden` for whom one may not act on, and `not-found` for who does not exist. */
  async warn(
    viewer: Viewer,
    slug: string,
    { user, reason, nonce }: { user: string; reason: string; nonce?: string | undefined },
  ): Promise<GivenWarningView> {
    const { live, account, address } = await this.staff.at(viewer, slug);
    const target = await this.staff.rankOf(user, live);
    if (!maySanction(account, target)) {
      throw new DomainError('auth.forbidden');
    }
    const words = reason.trim();
    if (words === '') {
      throw new DomainError('frame.invalid', { fields: { reason: 'field.required' } });
    }
    const roomId = live.room.id;
    const before = (await this.warnings.open(target.id, roomId)).at(-1);
    const warning = {
      id: idOf(account.id, nonce),
      roomId,
      userId: target.id,
      userName: target.nickname,
      reason: words,
      byId: account.id,
      byName: account.nickname,
      // None is as old as another: to have read one is to have read those before it.
      at: Math.max(this.clock.now(), (before?.at ?? 0) + 1),
      acknowledgedAt: null,
    };
    if (!(await this.warnings.insert(warning))) {
      return presentGivenWarning((await this.warnings.findById(warning.id)) ?? warning);
    }
    live.tellPerson(target.id, { event: 'warned', data: presentWarning(warning) });
    await this.actions.record(
      { account, address },
      { action: 'user.warn', roomId, user: { id: target.id, nickname: target.nickname }, reason: words },
    );
    await this.reports.closeAbout(roomId, target.id);
    return presentGivenWarning(warning);
  }

  /** What the viewer, or the guest that they are, has not acknowledged in a room, the oldest first. Throws `auth.required`. */
  async own(viewer: Viewer, slug: string): Promise<WarningView[]> {
    const account = somebody(viewer);
    const { id } = await this.rooms.findSpeakable(viewer, slug);
    return (await this.warnings.open(account.id, id)).map(presentWarning);
  }

  /** The viewer has read a warning of theirs, and those before it; the same again is nothing new. Throws `not-found`. */
  async acknowledge(viewer: Viewer, slug: string, id: string): Promise<void> {
    const account = somebody(viewer);
    const room = await this.rooms.findSpeakable(viewer, slug);
    const warning = await this.warnings.findById(id);
    if (warning?.userId !== account.id || warning.roomId !== room.id) {
      throw new DomainError('not-found');
    }
    if (await this.warnings.acknowledge(warning, this.clock.now())) {
      const frame = { event: 'warning.acknowledged', data: { id, user: account.id } } as const;
      (await this.live.open(room.id)).tellPerson(account.id, frame);
      this.live.tellStaff(room.id, frame, account.id);
    }
  }
}

/** Whoever has a name to write under; a warning would otherwise silence a guest for good. */
function somebody(viewer: Viewer): Account {
  const speaker = speakerOf(viewer);
  if (!speaker) {
    throw new DomainError('auth.required');
  }
  return speaker;
}
