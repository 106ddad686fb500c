import { randomUUID } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import type { AnnouncementStyle, MessageKind } from '../../protocol/frames.js';
import { Draining } from '../../common/draining.js';
import { DomainError } from '../../common/errors.js';
import { Metrics } from '../../common/metrics.js';
import { speakerOf, type Account, type Viewer } from '../../common/viewer.js';
import { EntriesRepository } from './entries.repository.js';
import type { LiveRoom } from '../rooms/live-room.js';
import { LiveRooms } from '../rooms/live-rooms.js';
import type { HeldMessage } from '../log/held-message.entity.js';
import { HeldMessagesRepository } from '../log/held-messages.repository.js';
import { answerOf } from '../log/review.js';
import { HeldChecks } from './held.checks.js';
import { presentHeld } from './held.presenter.js';
import { refusalOf, type Outcome, type Actor, type Draft } from '../log/draft.js';
import { LogWriter } from '../log/log.writer.js';
import { digestOf } from '../log/text.digest.js';
import { spokenText } from './message.text.js';
import { PostingPolicies, type Verdict } from './posting.policies.js';
import { PostingBudget } from './posting.budget.js';
import { hasRules } from '../rooms/rules.js';
import { isBudgeted, postingRefusal } from '../rooms/room.policy.js';

/** What an acknowledgement says, but for the nonce. */
export interface Stored {
  readonly seq: number;
  readonly id: string;
  readonly at: string;
  /** It had been stored before: this is the first time's answer. */
  readonly dup?: true;
}

/** What is said of a message that waits for review. */
export interface Waiting {
  readonly id: string;
  readonly nonce: string;
}

export interface NewMessage {
  readonly text: string;
  readonly nonce: string;
  readonly replyTo?: number | undefined;
  readonly kind?: 'admin' | undefined;
  /** Of an announcement. */
  readonly style?: AnnouncementStyle | undefined;
}

/** In graphemes, whatever the room's limit is. */
const LONGEST_ANNOUNCEMENT = 500;

/**
 * What people say. Every method takes its place in the log before it first awaits, so calls made in order are stored
 * in order; they resolve after the commit. A retry with the same nonce gets the first answer, whatever a policy would
 * say now, and costs nothing.
 */
@Injectable()
export class MessagesService {
  constructor(
    private readonly log: LogWriter,
    private readonly rooms: LiveRooms,
    private readonly entries: EntriesRepository,
    private readonly held: HeldMessagesRepository,
    private readonly checks: HeldChecks,
    private readonly policies: PostingPolicies,
    private readonly budget: PostingBudget,
    private readonly draining: Draining,
    private readonly metrics: Metrics,
  ) {}

  async post(viewer: Viewer, live: LiveRoom, message: NewMessage): Promise<Stored | Waiting> {
    const kind = message.kind ?? 'chat';
    return this.append(viewer, live, message.nonce, (account) => {
      const { text, isHeld } = this.judge(account, live, kind, message);
      const { hold, aiWatch } = live.settings;
      const isReviewed = (hold || aiWatch === 'hold') && account.role === 'user';
      const review = isHeld ? 'term' : isReviewed ? 'mode' : undefined;
      const { replyTo = null, style } = message;
      return {
        type: 'post',
        kind,
        text,
        replyTo,
        digest: digestFor(account, live, text),
        review,
        isRuled: isRuled(account, live),
        ...(style && { style }),
        ...(kind === 'admin' && { from: viewer.address }),
        ...draftBase(account, live, message.nonce),
      };
    });
  }

  /** Changes the text of one's own message. */
  async change(
    viewer: Viewer,
    live: LiveRoom,
    { target, text, nonce }: { target: number; text: string; nonce: string },
  ): Promise<Stored> {
    return this.appendForGood(viewer, live, nonce, (account) => {
      if (!live.settings.edits && account.role === 'user') {
        throw new DomainError('room.no-edits');
      }
      // Which kind of message it is, only the log knows; announcements are administrators'.
      const limit = limitFor(account.role === 'admin' ? 'admin' : 'chat', live);
      const checked = spokenText(text, limit, account);
      const { text: agreed, isHeld } = this.policies.judge({ account, live, text: checked });
      if (isHeld) {
        // There is no place for an edit to wait in.
        throw new DomainError('text.blocked');
      }
      const digest = digestFor(account, live, agreed);
      return {
        type: 'change',
        target,
        text: agreed,
        digest,
        isRuled: isRuled(account, live),
        ...draftBase(account, live, nonce),
      };
    });
  }

  /** Removes one's own message, or as staff one of a person below oneself. */
  async remove(
    viewer: Viewer,
    live: LiveRoom,
    { target, nonce, reason }: { target: number; nonce: string; reason?: string | undefined },
  ): Promise<Stored> {
    return this.appendForGood(viewer, live, nonce, (account) => ({
      type: 'remove',
      from: viewer.address,
      target,
      reason: reason ?? null,
      ...draftBase(account, live, nonce),
    }));
  }

  private judge(account: Account, live: LiveRoom, kind: MessageKind, message: NewMessage): Verdict {
    if (account.guest && !live.settings.guests) {
      // The log's writer says so for certain; this comes before what only makes it harder.
      throw new DomainError('room.members-only');
    }
    const refusal = postingRefusal(account, live.room, kind);
    if (refusal) {
      throw new DomainError(refusal);
    }
    if (message.style !== undefined && kind !== 'admin') {
      throw new DomainError('frame.invalid', { fields: { style: 'field.invalid' } });
    }
    const text = spokenText(message.text, limitFor(kind, live), account);
    if (message.replyTo !== undefined && message.replyTo > live.channel.head) {
      throw new DomainError('frame.invalid', { fields: { replyTo: 'field.invalid' } });
    }
    return this.policies.judge({ account, live, text });
  }

  /** Answers how long to wait until this may be said; at once on a server that is alone. */
  private spend(
    { id, role, guest }: Account,
    { address }: Viewer,
    { type }: Draft,
  ): number | Promise<number> {
    if (type === 'remove' || !isBudgeted(role)) {
      return 0;
    }
    return guest ? this.budget.takeAsGuest(id, address) : this.budget.take(id);
  }

  /** For what never waits. */
  private async appendForGood(...args: Parameters<MessagesService['append']>): Promise<Stored> {
    const stored = await this.append(...args);
    if (!('seq' in stored)) {
      throw new Error('What cannot be held was.');
    }
    return stored;
  }

  private async append(
    viewer: Viewer,
    live: LiveRoom,
    nonce: string,
    drafting: (account: Account) => Draft,
  ): Promise<Stored | Waiting> {
    const account = speakerOf(live.viewerHere(viewer));
    if (!account) {
      throw new DomainError('auth.required');
    }
    let draft: Draft;
    try {
      if (this.draining.closed) {
        throw new DomainError('server.draining', { retryAfterMs: 2000 });
      }
      draft = drafting(account);
      const spending = this.spend(account, viewer, draft);
      // Where there is nothing to wait for, the place in the log is taken in this turn of the loop.
      const wait = typeof spending === 'number' ? spending : await spending;
      if (wait > 0) {
        throw new DomainError('rate.limited', { retryAfterMs: wait });
      }
    } catch (refusal) {
      // Only now, since it takes a query: a retry is answered before any policy.
      const earlier = await this.entries.findByNonce(live.room.id, account.id, nonce);
      if (earlier) {
        this.metrics.posts.inc({ outcome: 'dup' });
        return { ...presentStored(earlier), dup: true };
      }
      const held = await this.held.findByNonce(live.room.id, account.id, nonce);
      if (held) {
        return this.answer(answerOf(held), nonce);
      }
      this.metrics.posts.inc({ outcome: 'refused' });
      throw refusal;
    }
    const outcome = await this.log.append(draft);
    const isCharged = draft.type !== 'remove' && isBudgeted(account.role);
    const isNew = outcome.status === 'stored' || (outcome.status === 'held' && !outcome.dup);
    if (!isNew && isCharged) {
      this.budget.refund(account.id, account.guest && viewer.address);
    }
    if (outcome.status === 'held' && outcome.message) {
      this.begin(outcome.message);
    }
    return this.answer(outcome, nonce);
  }

  /** Has those who are to review a message begin. */
  private begin(message: HeldMessage): void {
    if (message.why === 'check') {
      this.checks.begin(message);
    } else {
      this.rooms.tellStaff(message.roomId, { event: 'held.added', data: presentHeld(message) });
    }
  }

  /** What is said of an outcome; throws the refusal. */
  private answer(outcome: Outcome, nonce: string): Stored | Waiting {
    switch (outcome.status) {
      case 'stored':
        this.metrics.posts.inc({ outcome: 'stored' });
        return presentStored(outcome.entry);
      case 'dup':
        this.metrics.posts.inc({ outcome: 'dup' });
        return { ...presentStored(outcome), dup: true };
      case 'held':
        this.metrics.posts.inc({ outcome: outcome.dup ? 'dup' : 'held' });
        return { id: outcome.id, nonce };
      case 'refused':
        this.metrics.posts.inc({ outcome: 'refused' });
        throw refusalOf(outcome);
      case 'settled':
        throw new Error('Nobody settles what they say themselves.');
    }
  }
}

function limitFor(kind: MessageKind, { settings }: LiveRoom): number {
  return kind === 'admin' ? LONGEST_ANNOUNCEMENT : settings.textLimit;
}

function draftBase({ id, nickname, role, guest }: Account, live: LiveRoom, nonce: string) {
  const actor: Actor = { id, nickname, role, ...(guest && { guest }) };
  return { roomId: live.room.id, id: randomUUID(), actor, nonce };
}

/** What the log's writer compares where duplicates are refused. Elsewhere, and of staff, nothing is compared. */
function digestFor({ role }: Account, { settings }: LiveRoom, text: string): string | null {
  return settings.noDuplicates && role === 'user' ? digestOf(text) : null;
}

/** Whether the log's writer is to look up what they have read. */
function isRuled({ role }: Account, { settings }: LiveRoom): boolean {
  return role === 'user' && hasRules(settings);
}

/** What an acknowledgement says of an entry. */
export function presentStored({ seq, id, at }: { seq: number; id: string; at: number }): Stored {
  return { seq, id, at: new Date(at).toISOString() };
}
