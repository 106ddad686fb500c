import { Injectable } from '@nestjs/common';
import type { Request } from 'express';

import { CloseCode } from '../protocol/close-codes.js';
import type { SessionView } from '../protocol/views.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import type { Account, Viewer } from '../common/viewer.js';
import { Hub } from '../realtime/hub.js';
import { SessionsRepository } from './sessions.repository.js';

const LONGEST_AGENT = 200;
/** More devices than anybody has; the list of one's log-ins stays short. */
const MOST_SESSIONS = 50;

/** Log-ins: begun, listed and ended. Ending one closes its sockets. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly hub: Hub,
    private readonly clock: Clock,
  ) {}

  /** Logs the account in on this request, under a session id that nobody has seen before. The old session ends. */
  async begin(request: Request, account: Account): Promise<void> {
    const before = request.viewer.sessionId;
    await promise((done) => request.session.regenerate(done));
    if (before !== null) {
      this.hub.closeSession(before, CloseCode.SessionEnded);
    }
    Object.assign(request.session, {
      userId: account.id,
      agent: (request.headers['user-agent'] ?? '').slice(0, LONGEST_AGENT),
      address: request.viewer.address,
      createdAt: this.clock.now(),
      seenAt: this.clock.now(),
    });
    // Stored before the answer says so: the next request may come before this one has quite ended.
    await promise((done) => request.session.save(done));
    await this.endOldest(account.id);
  }

  /** Ends the session of this request, if it has one. */
  async endOwn(request: Request): Promise<void> {
    const { sessionId } = request.viewer;
    await promise((done) => request.session.destroy(done));
    if (sessionId !== null) {
      this.hub.closeSession(sessionId, CloseCode.SessionEnded);
    }
  }

  async list({ account, sessionId }: Signed): Promise<SessionView[]> {
    const rows = await this.sessions.findLiveOf(account.id, this.clock.now());
    return rows.map(({ id, agent, createdAt, seenAt }) => ({
      id,
      current: id === sessionId,
      agent,
      createdAt: new Date(createdAt).toISOString(),
      seenAt: new Date(seenAt).toISOString(),
    }));
  }

  /** Ends one of one's own sessions; `not-found` for anybody else's. */
  async endOne({ account }: Signed, id: string): Promise<void> {
    const session = await this.sessions.findLive(id, this.clock.now());
    if (session?.userId !== account.id) {
      throw new DomainError('not-found');
    }
    await this.end(id);
  }

  /** Ends all of the account's sessions but this one. */
  async endOthers({ account, sessionId }: Signed): Promise<void> {
    for (const id of await this.sessions.endOthers(account.id, sessionId, this.clock.now())) {
      this.hub.closeSession(id, CloseCode.SessionEnded);
    }
  }

  /** Ends all sessions of an account that is no more, and closes its sockets on every node. */
  async endAll(userId: string): Promise<void> {
    await this.sessions.endOthers(userId, null, this.clock.now());
    this.hub.closeUser(userId, CloseCode.SessionEnded);
  }

  private async endOldest(userId: string): Promise<void> {
    const sessions = await this.sessions.findLiveOf(userId, this.clock.now());
    for (const { id } of sessions.slice(MOST_SESSIONS)) {
      await this.end(id);
    }
  }

  private async end(id: string): Promise<void> {
    await this.sessions.end(id, this.clock.now());
    this.hub.closeSession(id, CloseCode.SessionEnded);
  }
}

/** A viewer who is signed in. */
export type Signed = Viewer & { account: Account };

/** The viewer, if signed in; `auth.required` otherwise. The guards refuse guests earlier: this convinces the compiler. */
export function signedIn(viewer: Viewer): Signed {
  const { account } = viewer;
  if (account === null) {
    throw new DomainError('auth.required');
  }
  return { ...viewer, account };
}

function promise(start: (done: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()));
  });
}
