import { randomUUID } from 'node:crypto';

import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import type { ReportedView, ReportOutcome, ReportReason } from '../../protocol/views.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import type { Viewer } from '../../common/viewer.js';
import { signedIn } from '../../auth/sessions.service.js';
import type { ClearData, SanctionData } from '../../chat/log/entry.draft.js';
import { SanctionsRepository } from '../../chat/log/sanctions.repository.js';
import { EntriesRepository } from '../../chat/messages/entries.repository.js';
import type { Entry } from '../../chat/messages/entry.entity.js';
import { presentAuthor } from '../../chat/messages/entry.presenter.js';
import type { Person } from '../../chat/log/draft.js';
import { LiveRooms } from '../../chat/rooms/live-rooms.js';
import { RoomsService } from '../../chat/rooms/rooms.service.js';
import { SharedWindows, type SharedWindow } from '../../realtime/cluster/shared.window.js';
import { ActionLog } from '../actions/action.log.js';
import { StaffService } from '../staff.service.js';
import type { Report } from './report.entity.js';
import { byMessage, presentReported } from './report.presenter.js';
import { ReportsRepository, type Reported } from './reports.repository.js';

/** How many reports one person may make in a while. */
export const REPORTS = 10;
const REPORTS_WINDOW_MS = 10 * 60_000;
/** How many messages of a room can wait for its staff; and how many reports of one are kept. */
export const MOST_REPORTED = 200;
export const MOST_OF_ONE = 50;
/** With so many waiting the AI adds no more: the places left are for what people report. */
export const MOST_FLAGGED = 100;
/** As long as what was removed is kept. */
const KEPT_MS = 30 * 24 * 60 * 60_000;

/** What the AI says of a text: what is wrong with it, and how sure it is, in percent. */
export interface Exception {
  readonly text: string;
  readonly reason: ReportReason;
  readonly score: number;
}

/**
 * What people report to the staff of a room: one report for each person and message. Whatever staff do about it closes
 * it: the message is removed, its author warned, timed out or banned, or the reports are dismissed. Whom they are about is shown
 * none of it, whatever their role.
 */
@Injectable()
export class ReportsService implements OnModuleInit {
  private readonly logger = new Logger('Reports');
  private readonly made: SharedWindow;

  constructor(
    private readonly staff: StaffService,
    private readonly rooms: RoomsService,
    private readonly reports: ReportsRepository,
    private readonly entries: EntriesRepository,
    private readonly sanctions: SanctionsRepository,
    private readonly live: LiveRooms,
    private readonly actions: ActionLog,
    private readonly clock: Clock,
    windows: SharedWindows,
  ) {
    this.made = windows.make('reports', () => REPORTS, REPORTS_WINDOW_MS);
  }

  onModuleInit(): void {
    this.live.observe((entries) => {
      for (const entry of entries) {
        const end = endOf(entry);
        if (end) {
          this.settleAll(entry.roomId, end.which, end.as).catch((error: unknown) => this.logger.error(error));
        }
      }
    });
  }

  /**
   * Tells the staff of a room about a message; the same person's second report of it adds nothing. Throws `not-found` for
   * what is no message that they are shown, or is removed, `auth.forbidden` for one's own, `user.banned`, `rate.limited`, and `report.full`
   * where too many messages wait for staff.
   */
  async report(
    viewer: Viewer,
    slug: string,
    target: number,
    { reason, words = '' }: { reason: ReportReason; words?: string | undefined },
  ): Promise<void> {
    const { account } = signedIn(viewer);
    const { id: roomId } = await this.rooms.findSpeakable(viewer, slug);
    await this.requireNotBanned(account.id, roomId);
    const live = await this.live.open(roomId);
    const message = await this.entries.findOne(roomId, target);
    if (!isStanding(message) || target > live.channelFor(live.viewerHere(viewer)).head) {
      throw new DomainError('not-found');
    }
    if (message.authorId === account.id) {
      throw new DomainError('auth.forbidden');
    }
    if (await this.reports.isReported(roomId, target, account.id)) {
      return;
    }
    const before = await this.reports.open(roomId, { target });
    await this.requirePlace(roomId, account.id, before.length);
    const edited = await this.entries.lastEdits(roomId, [target]);
    const isNew =
      before.length < MOST_OF_ONE &&
      (await this.reports.insert({
        id: randomUUID(),
        roomId,
        target,
        authorId: message.authorId,
        authorName: message.authorName ?? '',
        byId: account.id,
        byName: account.nickname,
        reason,
        words: words.trim() || null,
        score: null,
        text: edited.get(target) ?? message.text,
        at: this.clock.now(),
        status: 'open',
        settledAt: null,
      }));
    if (isNew) {
      await this.tell(roomId, target);
    }
  }

  /**
   * The same by the AI, which takes exception to a text of the message: reported at most once while it waits, and again only for
   * what it was changed to. Nothing where the message is gone, or too many wait.
   */
  async flag(roomId: number, target: number, by: Person, exception: Exception): Promise<void> {
    const message = await this.entries.findOne(roomId, target);
    const before = await this.reports.open(roomId, { target });
    const isFull =
      before.length === 0
        ? (await this.reports.countOpen(roomId)) >= MOST_FLAGGED
        : before.length >= MOST_OF_ONE;
    if (isFull || !isStanding(message)) {
      return;
    }
    const report: Report = {
      id: randomUUID(),
      roomId,
      target,
      authorId: message.authorId,
      authorName: message.authorName ?? '',
      byId: by.id,
      byName: by.nickname,
      words: null,
      ...exception,
      at: this.clock.now(),
      status: 'open',
      settledAt: null,
    };
    if ((await this.reports.insert(report)) || (await this.reports.reopen(report))) {
      await this.tell(roomId, target);
    }
  }

  /** What waits in a room, the oldest first; nothing about who asks. Throws `auth.forbidden` for who is not staff there. */
  async list(viewer: Viewer, slug: string): Promise<ReportedView[]> {
    const { live, account } = await this.staff.at(viewer, slug);
    const roomId = live.room.id;
    const waiting = byMessage(await this.reports.open(roomId)).filter(
      ([{ authorId }]) => authorId !== account.id,
    );
    const messages = await this.entries.findMany(
      roomId,
      waiting.map(([{ target }]) => target),
    );
    const shown: ReportedView[] = [];
    for (const reports of waiting) {
      const message = messages.get(reports[0].target);
      if (isStanding(message)) {
        shown.push(presentReported(reports, presentAuthor(message), message.at));
      } else {
        // The node that removed it did not live to say so.
        await this.settle(reports[0], 'removed');
      }
    }
    return shown;
  }

  /** Closes the reports of a message without doing anything. Throws `not-found` when there are none, or none any more. */
  async dismiss(viewer: Viewer, slug: string, target: number, reason?: string): Promise<void> {
    const { live, account, address } = await this.staff.at(viewer, slug);
    const roomId = live.room.id;
    const reports = await this.reports.open(roomId, { target });
    const [first] = reports;
    if (!first) {
      throw new DomainError('not-found');
    }
    if (first.authorId === account.id) {
      throw new DomainError('auth.forbidden');
    }
    if (!(await this.settle(first, 'dismissed'))) {
      throw new DomainError('not-found');
    }
    await this.actions.record(
      { account, address },
      {
        action: 'report.dismiss',
        roomId,
        user: { id: first.authorId, nickname: first.authorName },
        target,
        details: { reports: reports.length },
        ...(reason !== undefined && { reason }),
      },
    );
  }

  /** Closes all that is reported of somebody in a room: staff have acted on them. */
  closeAbout(roomId: number, authorId: string): Promise<void> {
    return this.settleAll(roomId, { authorId }, 'sanctioned');
  }

  /** Forgets old reports, and who has made none for a while. */
  @Interval(60_000)
  async sweep(): Promise<void> {
    this.made.sweep();
    await this.reports
      .forgetBefore(this.clock.now() - KEPT_MS)
      .catch((error: unknown) => this.logger.error(error));
  }

  private async requireNotBanned(userId: string, roomId: number): Promise<void> {
    const found = await this.sanctions.inForce(userId, roomId, this.clock.now());
    if (found.some(({ action }) => action === 'ban')) {
      throw new DomainError('user.banned');
    }
  }

  private async requirePlace(roomId: number, userId: string, ofThisMessage: number): Promise<void> {
    const wait = await this.made.take(userId);
    if (wait > 0) {
      throw new DomainError('rate.limited', { retryAfterMs: wait });
    }
    if (ofThisMessage === 0 && (await this.reports.countOpen(roomId)) >= MOST_REPORTED) {
      throw new DomainError('report.full');
    }
  }

  /** Shows staff what is now reported about a message; closes it at once if it was removed meanwhile. */
  private async tell(roomId: number, target: number): Promise<void> {
    const message = await this.entries.findOne(roomId, target);
    const [reports] = byMessage(await this.reports.open(roomId, { target }));
    if (!reports) {
      return;
    }
    if (isStanding(message)) {
      const data = presentReported(reports, presentAuthor(message), message.at);
      this.live.tellStaff(roomId, { event: 'report.added', data }, message.authorId);
    } else {
      await this.settle(reports[0], 'removed');
    }
  }

  private async settleAll(roomId: number, which: Reported, as: ReportOutcome): Promise<void> {
    for (const [report] of byMessage(await this.reports.open(roomId, which))) {
      await this.settle(report, as);
    }
  }

  /** Answers whether there was anything to close: of two who do so at once, one has done it. */
  private async settle({ roomId, target, authorId }: Report, as: ReportOutcome): Promise<boolean> {
    const isDone = await this.reports.settle(roomId, target, as, this.clock.now());
    if (isDone) {
      this.live.tellStaff(roomId, { event: 'report.settled', data: { target, as } }, authorId);
    }
    return isDone;
  }
}

/** Words of somebody, the AI included, that everybody can read. */
function isStanding(entry: Entry | null | undefined): entry is Entry & { authorId: string } {
  return (
    entry?.event === 'message.posted' &&
    entry.removedBy === null &&
    entry.authorId !== null &&
    // Of what is hidden silently, others do not know that it is there.
    entry.audience === null
  );
}

/** Which reports an entry closes; null: none. */
function endOf({ event, target, data }: Entry): { which: Reported; as: ReportOutcome } | null {
  switch (event) {
    case 'message.removed':
      return target === null ? null : { which: { target }, as: 'removed' };
    case 'room.cleared': {
      const { upTo }: ClearData = JSON.parse(data ?? '{}');
      return { which: { upTo }, as: 'removed' };
    }
    case 'user.sanctioned': {
      const { user, action }: SanctionData = JSON.parse(data ?? '{}');
      return action === 'lift' || action === 'unhide'
        ? null
        : { which: { authorId: user.id }, as: 'sanctioned' };
    }
    default:
      return null;
  }
}
