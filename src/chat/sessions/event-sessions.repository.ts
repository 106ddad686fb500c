import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Not, Repository } from 'typeorm';

import { isUniqueViolation } from '../../database/unique-violation.js';
import { EventSession } from './event-session.entity.js';

@Injectable()
export class EventSessionsRepository {
  constructor(@InjectRepository(EventSession) private readonly sessions: Repository<EventSession>) {}

  /** Those of a room that have begun, the newest first. */
  ofRoom(roomId: number, limit: number): Promise<EventSession[]> {
    return this.sessions.find({
      where: { roomId, firstSeq: Not(IsNull()) },
      order: { firstSeq: 'DESC' },
      take: limit,
    });
  }

  find(roomId: number, id: string): Promise<EventSession | null> {
    return this.sessions.findOneBy({ roomId, id });
  }

  /** The one of a room that has not ended in its log; null: none. */
  unfinished(roomId: number): Promise<EventSession | null> {
    return this.sessions.findOneBy({ roomId, lastSeq: IsNull() });
  }

  /** False, and nothing is stored, while another one has not ended, or this one is there already. */
  async insert(session: EventSession): Promise<boolean> {
    try {
      await this.sessions.insert(session);
      return true;
    } catch (error) {
      if (isUniqueViolation(error)) {
        return false;
      }
      throw error;
    }
  }

  async change(
    { id }: Pick<EventSession, 'id'>,
    changes: Partial<Omit<EventSession, 'id' | 'roomId'>>,
  ): Promise<void> {
    await this.sessions.update({ id }, changes);
  }
}
