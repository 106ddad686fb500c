import { randomUUID } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import type { MessageKind } from '../protocol/frames.js';
import { Draining } from '../common/draining.js';
import { DomainError } from '../common/errors.js';
import { Metrics } from '../common/metrics.js';
import type { Account, Viewer } from '../common/viewer.js';
import { EntriesRepository } from './entries.repository.js';
import type { LiveRoom } from './live-room.js';
import type { Actor, Draft } from './log/draft.js';
import { LogWriter } from './log/log.writer.js';
import { checkedText } from './message.text.js';
import { PostingBudget } from './posting.budget.js';
import { isBudgeted, postingRefusal } from './room.policy.js';

/** What an acknowledgement says, but for the nonce. */
export interface Stored {
  readonly seq: number;
  readonly id: string;
  readonly at: string;
  /** It had been stored before: this is the first time's answer. */
  readonly dup?: true;
}

export interface NewMessage {
  readonly text: string;
  readonly nonce: string;
  readonly replyTo?: number | undefined;
  readonly kind?: 'admin' | undefined;
}

/**
 * What people say. Every method takes its place in the log before it first awaits, so calls made in order are stored
 * in order; they resolve after the commit. A retry with the same nonce gets the first answer, whatever a policy would
 * say now, and costs nothing.
 */
@Injectable()
export class MessagesService {
  constructor(
    private readonly log: LogWriter,
    private readonly entries: EntriesRepository,
    private readonly budget: PostingBudget,
    private readonly draining: Draining,
    private readonly metrics: Metrics,
  ) {}

  async post(viewer: Viewer, live: LiveRoom, message: NewMessage): Promise<Stored> {
    const kind = message.kind ?? 'chat';
    return this.append(viewer, live, message.nonce, (account) => {
      const text = this.judge(account, live, kind, message);
      const { replyTo = null } = message;
      return { type: 'post', kind, text, replyTo, ...draftBase(account, live, message.nonce) };
    });
  }

  /** Changes the text of one's own message. */
  async change(
    viewer: Viewer,
    live: LiveRoom,
    { target, text, nonce }: { target: number; text: string; nonce: string },
  ): Promise<Stored> {
    return this.append(viewer, live, nonce, (account) => {
      const checked = checkedText(text, live.settings.textLimit);
      this.spend(account);
      return { type: 'change', target, text: checked, ...draftBase(account, live, nonce) };
    });
  }

  /** Removes one's own message, or as staff one of a person below oneself. */
  async remove(
    viewer: Viewer,
    live: LiveRoom,
    { target, nonce, reason }: { target: number; nonce: string; reason?: string | undefined },
  ): Promise<Stored> {
    return this.append(viewer, live, nonce, (account) => ({
      type: 'remove',
      target,
      reason: reason ?? null,
      ...draftBase(account, live, nonce),
    }));
  }

  private judge(account: Account, live: LiveRoom, kind: MessageKind, message: NewMessage): string {
    const refusal = postingRefusal(account, live.room, kind);
    if (refusal) {
      throw new DomainError(refusal);
    }
    const text = checkedText(message.text, live.settings.textLimit);
    if (message.replyTo !== undefined && message.replyTo > live.channel.head) {
      throw new DomainError('frame.invalid', { fields: { replyTo: 'field.invalid' } });
    }
    this.spend(account);
    return text;
  }

  private spend(account: Account): void {
    const wait = isBudgeted(account.role) ? this.budget.take(account.id) : 0;
    if (wait > 0) {
      throw new DomainError('rate.limited', { retryAfterMs: wait });
    }
  }

  private async append(
    viewer: Viewer,
    live: LiveRoom,
    nonce: string,
    drafting: (account: Account) => Draft,
  ): Promise<Stored> {
    const { account } = viewer;
    if (!account) {
      throw new DomainError('auth.required');
    }
    let draft: Draft;
    try {
      if (this.draining.closed) {
        throw new DomainError('server.draining', { retryAfterMs: 2000 });
      }
      draft = drafting(account);
    } catch (refusal) {
      // Only now, since it takes a query: a retry is answered before any policy.
      const earlier = await this.entries.findByNonce(live.room.id, account.id, nonce);
      if (earlier) {
        this.metrics.posts.inc({ outcome: 'dup' });
        return { ...presentStored(earlier), dup: true };
      }
      this.metrics.posts.inc({ outcome: 'refused' });
      throw refusal;
    }
    const outcome = await this.log.append(draft);
    const isCharged = draft.type !== 'remove' && isBudgeted(account.role);
    if (outcome.status !== 'stored' && isCharged) {
      this.budget.refund(account.id);
    }
    if (outcome.status === 'refused') {
      this.metrics.posts.inc({ outcome: 'refused' });
      throw new DomainError(outcome.code);
    }
    if (outcome.status === 'dup') {
      this.metrics.posts.inc({ outcome: 'dup' });
      return { ...presentStored(outcome), dup: true };
    }
    this.metrics.posts.inc({ outcome: 'stored' });
    return presentStored(outcome.entry);
  }
}

function draftBase({ id, nickname, role }: Account, live: LiveRoom, nonce: string) {
  const actor: Actor = { id, nickname, role };
  return { roomId: live.room.id, id: randomUUID(), actor, nonce };
}

/** What an acknowledgement says of an entry. */
export function presentStored({ seq, id, at }: { seq: number; id: string; at: number }): Stored {
  return { seq, id, at: new Date(at).toISOString() };
}
