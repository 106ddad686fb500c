import { createHash } from 'node:crypto';

import { Injectable } from '@nestjs/common';
import { Store, type SessionData } from 'express-session';

import { Clock } from '../common/clock.js';
import { SessionsRepository } from './sessions.repository.js';

declare module 'express-session' {
  interface SessionData {
    userId: string;
    /** The browser's User-Agent at log-in. */
    agent: string;
    /** Where the log-in came from. */
    address: string;
    createdAt: number;
    seenAt: number;
  }
}

const MINUTE = 60 * 1000;
const DAY = 24 * 60 * MINUTE;
const IDLE_MS = 14 * DAY;
const TOUCH_MS = 5 * MINUTE;

/** How long a session lives at most, used or not. */
export const LIFETIME_MS = 90 * DAY;

type Done<T> = (error?: unknown, result?: T) => void;

/** What a session is called outside the cookie: in the database, in the hub, in the owner's list. */
export function sessionKey(sid: string): string {
  return createHash('sha256').update(sid).digest('hex');
}

/** express-session's store on our table: only hashed ids, dead sessions stay dead, 14 days idle and 90 in all. */
@Injectable()
export class SessionStore extends Store {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly clock: Clock,
  ) {
    super();
  }

  override get(sid: string, done: Done<SessionData | null>): void {
    answer(this.read(sid), done);
  }

  override set(sid: string, session: SessionData, done: Done<void> = ignore): void {
    answer(this.write(sid, session), done);
  }

  override destroy(sid: string, done: Done<void> = ignore): void {
    answer(this.sessions.end(sessionKey(sid), this.clock.now()), done);
  }

  /** Called for every request; written only every five minutes, since each write is a sync of the disk. */
  override touch(sid: string, session: SessionData, done: Done<void> = ignore): void {
    const now = this.clock.now();
    if (now - session.seenAt < TOUCH_MS) {
      done();
      return;
    }
    answer(this.sessions.touch(sessionKey(sid), now, expiry(session.createdAt, now)), done);
  }

  private async read(sid: string): Promise<SessionData | null> {
    const row = await this.sessions.findLive(sessionKey(sid), this.clock.now());
    if (!row || row.userId === null) {
      return null;
    }
    const { userId, agent, address, createdAt, seenAt } = row;
    const { cookie }: Pick<SessionData, 'cookie'> = JSON.parse(row.data);
    return { cookie, userId, agent, address, createdAt, seenAt };
  }

  private async write(sid: string, session: SessionData): Promise<void> {
    const now = this.clock.now();
    const { cookie, userId, agent, address, createdAt } = session;
    await this.sessions.save({
      id: sessionKey(sid),
      userId,
      data: JSON.stringify({ cookie }),
      agent,
      address,
      createdAt,
      seenAt: now,
      expiresAt: expiry(createdAt, now),
      deadAt: null,
    });
  }
}

function expiry(createdAt: number, now: number): number {
  return Math.min(now + IDLE_MS, createdAt + LIFETIME_MS);
}

function answer<T>(work: Promise<T>, done: Done<T>): void {
  // In a tick of its own: what the callback throws is not an error of the store.
  work.then(
    (result) => setImmediate(done, undefined, result),
    (error: unknown) => setImmediate(done, error),
  );
}

function ignore(): void {}
