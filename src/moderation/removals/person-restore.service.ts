import { Injectable } from '@nestjs/common';

import type { RemovalView } from '../../protocol/views.js';
import { DomainError } from '../../common/errors.js';
import { idOf } from '../../common/nonce-id.js';
import type { Viewer } from '../../common/viewer.js';
import { refusalOf, type Outcome } from '../../chat/log/draft.js';
import { LogWriter } from '../../chat/log/log.writer.js';
import { EntriesRepository } from '../../chat/messages/entries.repository.js';
import type { Entry } from '../../chat/messages/entry.entity.js';
import { RemovedEntriesRepository } from '../../chat/messages/removed-entries.repository.js';
import { ActionLog } from '../actions/action.log.js';
import { ActionsRepository } from '../actions/actions.repository.js';
import { StaffService, type AtWork } from '../staff.service.js';
import { draftBase, type Act } from './removal.draft.js';
import { presentRemoval } from './removal.presenter.js';

/** So many messages come back in one act: nobody's screen is flooded, and the room's lock is held for a moment. */
export const MOST_RESTORED = 500;

export interface Restored {
  readonly restored: number;
  /** The same removal took others, too, which are still gone. */
  readonly more: boolean;
}

/**
 * Takes back what one act of staff removed of one person in a room: a removal, a sanction with their messages, or a
 * clearing. Each message comes back as its own entry, as if it had been restored by itself; for the action log it is one act.
 */
@Injectable()
export class PersonRestoreService {
  constructor(
    private readonly staff: StaffService,
    private readonly entries: EntriesRepository,
    private readonly removed: RemovedEntriesRepository,
    private readonly log: LogWriter,
    private readonly actions: ActionLog,
    private readonly kept: ActionsRepository,
  ) {}

  /**
   * `removal` is the seq of what removed them; without it the newest. Throws `not-found` when nothing of theirs is removed or
   * kept, `auth.forbidden` for what they took back or somebody of higher rank removed, and `room.read-only` in an archived room.
   */
  async restore(
    viewer: Viewer,
    slug: string,
    person: string,
    { removal, reason, nonce }: Act & { readonly removal?: number | undefined },
  ): Promise<Restored> {
    const work = await this.staff.at(viewer, slug);
    const { live, account, address } = work;
    const before = nonce === undefined ? null : await this.kept.findById(idOf(account.id, nonce));
    if (before?.action === 'user.restore') {
      return JSON.parse(before.details ?? '{}');
    }
    const { id, nickname } = await this.staff.rankOf(person, live);
    const by = await this.removalOf(live.room.id, id, removal);
    const found = by ? await this.removed.removedWith(live.room.id, id, by.seq, MOST_RESTORED + 1) : [];
    if (found.length === 0) {
      throw new DomainError('not-found');
    }
    const targets = found.slice(0, MOST_RESTORED).toReversed();
    const { stored, refused } = await this.restoreAll(work, targets, reason);
    const result = { restored: stored.length, more: found.length > MOST_RESTORED };
    const [first] = stored;
    if (first !== undefined) {
      const one = stored.length === 1 ? { target: first } : {};
      await this.actions.record(
        { account, address },
        {
          action: 'user.restore',
          roomId: live.room.id,
          user: { id, nickname },
          ...one,
          ...(reason !== undefined && { reason }),
          details: result,
          ...(nonce !== undefined && { nonce }),
        },
      );
    }
    // Others may have brought some back meanwhile; that is no failure unless there was nothing left.
    if (refused && first === undefined) {
      throw refused;
    }
    return result;
  }

  /** What the newest act of staff removed of somebody; null when there is nothing to bring back. */
  async newest(roomId: number, authorId: string): Promise<RemovalView | null> {
    const removal = await this.removed.newestRemoval(roomId, authorId);
    return removal && presentRemoval(removal, await this.removed.countWith(roomId, authorId, removal.seq));
  }

  private removalOf(roomId: number, authorId: string, seq: number | undefined): Promise<Entry | null> {
    return seq === undefined
      ? this.removed.newestRemoval(roomId, authorId)
      : this.entries.findOne(roomId, seq);
  }

  /** In the order in which they were said. The drafts have no `from`: none of them is an act of its own. */
  private async restoreAll(
    work: AtWork,
    targets: readonly number[],
    reason: string | undefined,
  ): Promise<{ stored: number[]; refused: unknown }> {
    const outcomes = await Promise.allSettled(
      targets.map((target) => {
        const { from: _from, ...base } = draftBase(work, { reason });
        return this.log.append({ type: 'restore', target, ...base });
      }),
    );
    const stored = targets.filter((_target, index) => statusOf(outcomes[index]) === 'stored');
    const failure = outcomes.map((outcome) => failureOf(outcome)).find((error) => error !== null);
    return { stored, refused: failure ?? null };
  }
}

function statusOf(outcome: PromiseSettledResult<Outcome> | undefined): Outcome['status'] | null {
  return outcome?.status === 'fulfilled' ? outcome.value.status : null;
}

function failureOf(outcome: PromiseSettledResult<Outcome>): unknown {
  if (outcome.status === 'rejected') {
    return outcome.reason;
  }
  return outcome.value.status === 'refused' ? refusalOf(outcome.value) : null;
}
