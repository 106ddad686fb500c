import { Injectable } from '@nestjs/common';

import type { RemovedView } from '../../protocol/views.js';
import { DomainError } from '../../common/errors.js';
import type { Viewer } from '../../common/viewer.js';
import { LogWriter } from '../../chat/log/log.writer.js';
import { isTakenBack, removedBy } from '../../chat/log/target.js';
import { EntriesRepository } from '../../chat/messages/entries.repository.js';
import { canRestore } from '../../chat/messages/message.policy.js';
import { RemovedEntriesRepository } from '../../chat/messages/removed-entries.repository.js';
import { RoomsRepository } from '../../chat/rooms/rooms.repository.js';
import { StaffService } from '../staff.service.js';
import { draftBase, type Act } from './removal.draft.js';
import { presentRemoval, presentRemoved } from './removal.presenter.js';

type Written = Awaited<ReturnType<LogWriter['write']>>;

/** So many places of the log are cleared in one transaction: whoever writes meanwhile waits no longer for it. */
const CLEARED_AT_ONCE = 20_000;

/** Bringing back what was removed, and removing all there is. The log's writer decides, under the lock. */
@Injectable()
export class RemovalsService {
  constructor(
    private readonly staff: StaffService,
    private readonly entries: EntriesRepository,
    private readonly removed: RemovedEntriesRepository,
    private readonly rooms: RoomsRepository,
    private readonly log: LogWriter,
  ) {}

  /**
   * Shows a message again to everybody. Throws `auth.forbidden` for what its author took back or somebody of higher rank
   * removed, and `not-found` for what is not removed or kept no longer.
   */
  async restore(
    viewer: Viewer,
    slug: string,
    { target, ...act }: Act & { target: number },
  ): Promise<Written> {
    const work = await this.staff.at(viewer, slug);
    return this.log.write({ type: 'restore', target, ...draftBase(work, act) });
  }

  /**
   * Removes every message so far. A long log goes in stretches, the oldest first, each an entry of its own; the last is
   * answered, and with it all are gone.
   */
  async clear(viewer: Viewer, slug: string, act: Act): Promise<Written> {
    const work = await this.staff.at(viewer, slug);
    const { cleared = 0, head = 0 } = (await this.rooms.findById(work.live.room.id)) ?? {};
    for (let upTo = cleared + CLEARED_AT_ONCE; upTo < head; upTo += CLEARED_AT_ONCE) {
      await this.log.write({ type: 'clear', upTo, ...draftBase(work, { reason: act.reason }) });
    }
    return this.log.write({ type: 'clear', upTo: null, ...draftBase(work, act) });
  }

  /** What a message said that staff removed, for those who may bring it back. Throws as `restore` does. */
  async show(viewer: Viewer, slug: string, seq: number): Promise<RemovedView> {
    const { live, account } = await this.staff.at(viewer, slug);
    const about = await this.entries.about(live.room.id, seq);
    const posted = about.find((entry) => entry.seq === seq && entry.event === 'message.posted');
    const text = about.findLast(({ event }) => event === 'message.changed')?.text ?? posted?.text;
    const removal = posted?.removedBy ? await this.entries.findOne(live.room.id, posted.removedBy) : null;
    if (!posted || !removal || typeof text !== 'string') {
      throw new DomainError('not-found');
    }
    const remover = isTakenBack(posted.authorId, removedBy(removal)) ? null : removal.authorRole;
    if (!canRestore(account, posted, remover)) {
      throw new DomainError('auth.forbidden');
    }
    const { authorId } = posted;
    const messages =
      authorId === null ? 1 : await this.removed.countWith(live.room.id, authorId, removal.seq);
    return presentRemoved(posted, text, presentRemoval(removal, messages));
  }
}
