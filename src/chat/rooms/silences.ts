import { DomainError } from '../../common/errors.js';
import type { SanctionData } from '../log/entry.draft.js';
import type { Sanction } from '../log/sanction.entity.js';
import type { Entry } from '../messages/entry.entity.js';

/**
 * Who may not take part in a room, in memory: for what is too little to ask the database for. It knows what held against
 * people when they came, and what the log has said since; the log's writer decides about all that is stored.
 */
export class Silences {
  /** Until when somebody is timed out, by where that holds and whom it is against. */
  private readonly until = new Map<string, number>();
  private readonly hidden = new Set<string>();
  private readonly warned = new Set<string>();

  /** Somebody comes in, and this is what holds against them. */
  know(userId: string, sanctions: readonly Sanction[], isWarned: boolean): void {
    for (const { roomId, action, until } of sanctions) {
      const key = keyOf(roomId === null ? 'server' : 'room', userId);
      if (action === 'hide') {
        this.hidden.add(key);
      } else {
        this.until.set(key, until ?? Infinity);
      }
    }
    this.warn(userId, isWarned);
  }

  warn(userId: string, isWarned: boolean): void {
    if (isWarned) {
      this.warned.add(userId);
    } else {
      this.warned.delete(userId);
    }
  }

  follow({ event, data }: Entry): void {
    if (event !== 'user.sanctioned') {
      return;
    }
    const { user, action, scope, until }: SanctionData = JSON.parse(data!);
    const key = keyOf(scope ?? 'room', user.id);
    switch (action) {
      case 'hide':
        this.hidden.add(key);
        break;
      case 'unhide':
        this.hidden.delete(key);
        break;
      case 'lift':
        this.until.delete(key);
        break;
      case 'timeout':
      case 'ban':
        this.until.set(key, until ?? Infinity);
    }
  }

  /** What keeps somebody from taking part; null when nothing does. */
  refusal(userId: string, now: number): DomainError | null {
    const until = Math.max(0, ...SCOPES.map((scope) => this.until.get(keyOf(scope, userId)) ?? 0));
    if (until === Infinity) {
      return new DomainError('user.banned');
    }
    if (until > now) {
      return new DomainError('user.timed-out', { retryAfterMs: until - now });
    }
    return this.warned.has(userId) ? new DomainError('user.warned') : null;
  }

  hides(userId: string): boolean {
    return SCOPES.some((scope) => this.hidden.has(keyOf(scope, userId)));
  }
}

const SCOPES = ['server', 'room'] as const;
const keyOf = (scope: (typeof SCOPES)[number], userId: string) => `${scope} ${userId}`;
