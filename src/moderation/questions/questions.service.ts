import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import type { ActionKind, QuestionView } from '../../protocol/views.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import { idOf } from '../../common/nonce-id.js';
import { isStaff, type Account, type Viewer } from '../../common/viewer.js';
import type { SanctionData } from '../../chat/log/entry.draft.js';
import { RuleConsentsRepository } from '../../chat/log/rule-consents.repository.js';
import { spokenText } from '../../chat/messages/message.text.js';
import { PostingPolicies } from '../../chat/messages/posting.policies.js';
import type { LiveRoom } from '../../chat/rooms/live-room.js';
import { LiveRooms } from '../../chat/rooms/live-rooms.js';
import { rulesId } from '../../chat/rooms/rules.js';
import { SharedWindows, type SharedWindow } from '../../realtime/cluster/shared.window.js';
import { ActionLog } from '../actions/action.log.js';
import { Participation } from '../participation.service.js';
import { StaffService, type AtWork } from '../staff.service.js';
import { QuestionChecks } from './question.checks.js';
import { QuestionNews } from './question.news.js';
import { isPublic, presentQuestion } from './question.presenter.js';
import type { Question } from './question.entity.js';
import { QuestionsRepository } from './questions.repository.js';

/** In graphemes. */
export const LONGEST_ASKED = 200;
/** One question of each person in so long. */
const ASKED_EVERY_MS = 60_000;
/** Votes of one person in a while. */
export const UPVOTES = 30;
const UPVOTES_WINDOW_MS = 30_000;
/** So many can wait for an answer in a room; and so many are listed. */
export const MOST_QUESTIONS = 200;
const KEPT_MS = 30 * 24 * 60 * 60_000;

/** What people ask those who host a room, and which of it others want answered, too. */
@Injectable()
export class QuestionsService implements OnModuleInit {
  private readonly logger = new Logger('Questions');
  private readonly asked: SharedWindow;
  private readonly voted: SharedWindow;

  constructor(
    private readonly staff: StaffService,
    private readonly participation: Participation,
    private readonly policies: PostingPolicies,
    private readonly questions: QuestionsRepository,
    private readonly consents: RuleConsentsRepository,
    private readonly news: QuestionNews,
    private readonly checks: QuestionChecks,
    private readonly live: LiveRooms,
    private readonly actions: ActionLog,
    private readonly clock: Clock,
    windows: SharedWindows,
  ) {
    this.asked = windows.make('questions', () => 1, ASKED_EVERY_MS);
    this.voted = windows.make('question-votes', () => UPVOTES, UPVOTES_WINDOW_MS);
  }

  /** What somebody said that staff removed altogether, they have not asked either. */
  onModuleInit(): void {
    this.live.observe((entries) => {
      for (const { roomId, event, data } of entries) {
        if (event === 'user.sanctioned') {
          const { user, removed }: SanctionData = JSON.parse(data!);
          if (removed) {
            this.removeAll(user.id, roomId).catch((error: unknown) => this.logger.error(error));
          }
        }
      }
    });
  }

  /** What is asked in a room: what most want answered first, then what was answered. Throws `not-found`. */
  async list(viewer: Viewer, slug: string): Promise<QuestionView[]> {
    const { live, account } = await this.participation.look(viewer, slug);
    const newest = await this.questions.newestIn(live.room.id, 2 * MOST_QUESTIONS);
    for (const late of newest.filter((question) => this.news.isLate(question))) {
      // This node may not have been there when it was asked.
      this.news.keepBack(late);
    }
    const found = newest.filter((question) => this.maySee(account, question));
    const views = await this.present(found, account);
    const rank = ({ status }: QuestionView) => (status === 'answered' ? 1 : 0);
    return views
      .toSorted((a, b) => rank(a) - rank(b) || b.votes - a.votes || a.at.localeCompare(b.at))
      .slice(0, MOST_QUESTIONS);
  }

  /**
   * Asks. Throws as `Participation.require` does, `questions.off`, `questions.full`, `rules.unread`, `rate.limited` within a minute, and what
   * is wrong with the text. What the room's review or a term holds back waits for staff; where the room is watched, the rest is looked at.
   */
  async ask(
    viewer: Viewer,
    slug: string,
    { text, nonce }: { text: string; nonce?: string | undefined },
  ): Promise<QuestionView> {
    const { live, account, isHidden } = await this.requireOn(viewer, slug);
    const roomId = live.room.id;
    const id = idOf(account.id, nonce && `question ${roomId} ${nonce}`);
    const same = nonce === undefined ? null : await this.questions.findById(id);
    if (same) {
      return this.one(same, account);
    }
    await this.requireRulesRead(live, account);
    const checked = spokenText(text, LONGEST_ASKED, account);
    const verdict = this.policies.judge({ account, live, text: checked });
    if ((await this.questions.countOpen(roomId)) >= MOST_QUESTIONS) {
      throw new DomainError('questions.full');
    }
    const wait = isStaff({ account }) ? 0 : await this.asked.take(account.id);
    if (wait > 0) {
      throw new DomainError('rate.limited', { retryAfterMs: wait });
    }
    const { hold, aiWatch } = live.settings;
    const isPerson = account.role === 'user';
    const isReviewed = isPerson && (verdict.isHeld || hold);
    const waitsForLook = isPerson && !isReviewed && aiWatch === 'hold';
    const question: Question = {
      id,
      roomId,
      authorId: account.id,
      authorName: account.nickname,
      authorRole: account.guest ? 'guest' : account.role,
      text: verdict.text,
      at: this.clock.now(),
      status: isReviewed || waitsForLook ? 'held' : 'open',
      hidden: isHidden,
    };
    if (await this.questions.insert(question)) {
      if (!waitsForLook) {
        await this.news.tellAsked(question);
      }
      if (waitsForLook || (isPerson && aiWatch === 'flag' && !isReviewed && !isHidden)) {
        this.checks.begin(question);
      }
    }
    return this.one(question, account);
  }

  /** What a look at a question comes to: it is shown, or waits for staff, unless they have decided about it meanwhile. */
  async looked({ id, status: asked }: Question, passes: boolean): Promise<void> {
    const status = passes ? 'open' : 'held';
    const isMoved = status !== asked && (await this.questions.move(id, asked, status));
    const question = await this.questions.findById(id);
    if (question && isMoved) {
      await this.news.tellMoved(question);
    } else if (question?.status === 'held' && asked === 'held') {
      await this.news.tellAsked(question);
    }
  }

  /** Votes for a question of somebody else, or no longer. Throws as `ask` does, and `auth.forbidden` for one's own. */
  async vote(viewer: Viewer, slug: string, id: string, wants: boolean): Promise<QuestionView> {
    const { live, account } = await this.requireOn(viewer, slug);
    const question = await this.find(live, account, id);
    if (question.status !== 'open') {
      throw new DomainError('not-found');
    }
    if (question.authorId === account.id) {
      throw new DomainError('auth.forbidden');
    }
    const wait = await this.voted.take(account.id);
    if (wait > 0) {
      throw new DomainError('rate.limited', { retryAfterMs: wait });
    }
    await (wants ? this.questions.vote(id, account.id) : this.questions.unvote(id, account.id));
    this.news.tellVotes(question);
    return this.one(question, account);
  }

  /** Staff have answered it. Throws `auth.forbidden` and `not-found`; answered twice is answered. */
  async answer(viewer: Viewer, slug: string, id: string): Promise<QuestionView> {
    return this.move(await this.staff.at(viewer, slug), id, 'open', 'answered');
  }

  /** Staff let through what was held back. */
  async approve(viewer: Viewer, slug: string, id: string): Promise<QuestionView> {
    return this.move(await this.staff.at(viewer, slug), id, 'held', 'open');
  }

  /** Staff take a question away, or whoever asked it. */
  async remove(viewer: Viewer, slug: string, id: string): Promise<void> {
    const { live, account } = await this.participation.look(viewer, slug);
    if (account === null) {
      throw new DomainError('auth.required');
    }
    const question = await this.find(live, account, id);
    if (!isStaff({ account }) && question.authorId !== account.id) {
      throw new DomainError('auth.forbidden');
    }
    if ((await this.erase(question)) && question.authorId !== account.id) {
      await this.record({ live, account, address: viewer.address }, 'question.remove', question);
    }
  }

  @Interval(60_000)
  sweep(): void {
    this.asked.sweep();
    this.voted.sweep();
  }

  @Interval(60 * 60_000)
  async forget(): Promise<void> {
    await this.questions
      .forgetBefore(this.clock.now() - KEPT_MS)
      .catch((error: unknown) => this.logger.error(error));
  }

  private async requireOn(viewer: Viewer, slug: string) {
    const participant = await this.participation.require(viewer, slug);
    if (!participant.live.settings.questions) {
      throw new DomainError('questions.off');
    }
    return participant;
  }

  /** As for messages, they bind people, and not staff. */
  private async requireRulesRead({ room, settings }: LiveRoom, { id, role }: Account): Promise<void> {
    const rules = rulesId(settings);
    if (role === 'user' && rules !== null && (await this.consents.of(room.id, id)) !== rules) {
      throw new DomainError('rules.unread');
    }
  }

  /** Throws `not-found` for what is not of this room, and for what is nobody's to see. */
  private async find({ room }: LiveRoom, account: Account | null, id: string): Promise<Question> {
    // It comes straight from an address, and PostgreSQL fails to look for a NUL.
    const question = id.includes('\0') ? null : await this.questions.findById(id);
    if (question?.roomId !== room.id || !this.maySee(account, question)) {
      throw new DomainError('not-found');
    }
    return question;
  }

  /** What waits, what is late and what is hidden is for staff and its author. */
  private maySee(account: Account | null, question: Question): boolean {
    const isOwn = account !== null && account.id === question.authorId;
    return isOwn || isStaff({ account }) || (isPublic(question) && !this.news.isLate(question));
  }

  private async move(
    work: AtWork,
    id: string,
    from: Question['status'],
    to: Question['status'],
  ): Promise<QuestionView> {
    const question = await this.find(work.live, work.account, id);
    if (question.status !== from && question.status !== to) {
      throw new DomainError('not-found');
    }
    const moved = { ...question, status: to };
    if (await this.questions.move(id, from, to)) {
      await this.news.tellAsked(moved);
      await this.record(work, to === 'answered' ? 'question.answer' : 'question.approve', question);
    }
    return this.one(moved, work.account);
  }

  private async erase(question: Question): Promise<boolean> {
    const isGone = await this.questions.delete(question.id);
    if (isGone) {
      this.news.tell(question, { event: 'question.removed', data: { id: question.id } });
    }
    return isGone;
  }

  private async removeAll(authorId: string, roomId: number): Promise<void> {
    for (const question of await this.questions.of(authorId, roomId)) {
      await this.erase(question);
    }
  }

  private record(
    { live, account, address }: AtWork,
    action: ActionKind,
    { authorId, authorName, text }: Question,
  ): Promise<void> {
    return this.actions.record(
      { account, address },
      {
        action,
        roomId: live.room.id,
        ...(authorId !== null && { user: { id: authorId, nickname: authorName ?? '' } }),
        details: { text },
      },
    );
  }

  private async one(question: Question, account: Account): Promise<QuestionView> {
    const [view] = await this.present([question], account);
    return view!;
  }

  private async present(found: readonly Question[], account: Account | null): Promise<QuestionView[]> {
    const ids = found.map(({ id }) => id);
    const votes = await this.questions.count(ids);
    const voted = account ? await this.questions.votedBy(account.id, ids) : new Set<string>();
    return found.map((question) =>
      presentQuestion(question, votes.get(question.id) ?? 0, {
        id: account?.id ?? null,
        voted: voted.has(question.id),
        isStaff: isStaff({ account }),
      }),
    );
  }
}
