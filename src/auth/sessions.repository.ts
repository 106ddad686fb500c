import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, LessThan, MoreThan, Not, type FindOptionsWhere, type Repository } from 'typeorm';

import { Session } from './session.entity.js';

/** How long a tombstone keeps a request that was still running from bringing its session back. */
const TOMBSTONE_MS = 60 * 60 * 1000;

/** Log-ins as rows. A session is alive when it has no `deadAt` and has not expired. */
@Injectable()
export class SessionsRepository {
  constructor(@InjectRepository(Session) private readonly sessions: Repository<Session>) {}

  findLive(id: string, now: number): Promise<Session | null> {
    return this.sessions.findOneBy({ id, ...live(now) });
  }

  /** Those of the sessions that are alive, in one question. */
  async findLiveAmong(ids: readonly string[], now: number): Promise<Pick<Session, 'id' | 'userId'>[]> {
    return this.sessions.find({ select: { id: true, userId: true }, where: { id: In(ids), ...live(now) } });
  }

  /** An account's live sessions, the one last used first. */
  findLiveOf(userId: string, now: number): Promise<Session[]> {
    return this.sessions.find({ where: { userId, ...live(now) }, order: { seenAt: 'DESC', id: 'ASC' } });
  }

  /** Stores a session, unless it is dead: a plain upsert would let a request still running at log-out revive it. */
  async save(session: Session): Promise<void> {
    const { id, createdAt: _, deadAt: __, ...changes } = session;
    const { affected } = await this.sessions.update({ id, deadAt: IsNull() }, changes);
    if (affected === 0) {
      await this.sessions.createQueryBuilder().insert().values(session).orIgnore().execute();
    }
  }

  async touch(id: string, seenAt: number, expiresAt: number): Promise<void> {
    await this.sessions.update({ id, deadAt: IsNull() }, { seenAt, expiresAt });
  }

  /** Ends one session. */
  async end(id: string, now: number): Promise<void> {
    await this.bury({ id }, now);
  }

  /** Ends all sessions of an account but one, and answers which. */
  async endOthers(userId: string, keep: string | null, now: number): Promise<string[]> {
    const others: FindOptionsWhere<Session> = {
      userId,
      ...live(now),
      ...(keep !== null && { id: Not(keep) }),
    };
    const ended = await this.sessions.find({ select: { id: true }, where: others });
    await this.bury(others, now);
    return ended.map(({ id }) => id);
  }

  /** Deletes what has expired, tombstones included. */
  async prune(now: number): Promise<void> {
    await this.sessions.delete({ expiresAt: LessThan(now) });
  }

  private async bury(where: FindOptionsWhere<Session>, now: number): Promise<void> {
    await this.sessions.update(where, { deadAt: now, data: '{}', expiresAt: now + TOMBSTONE_MS });
  }
}

function live(now: number): FindOptionsWhere<Session> {
  return { deadAt: IsNull(), expiresAt: MoreThan(now) };
}
