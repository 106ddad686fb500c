import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThanOrEqual, Repository } from 'typeorm';

import { isUniqueViolation } from '../../database/unique-violation.js';
import { Timer } from './timer.entity.js';

/** How many a room may have. */
export const MOST_TIMERS = 10;

/** Which timer, as it was read: whoever has changed it meanwhile, or said it, was first. */
type Read = Pick<Timer, 'id' | 'dueAt'>;

@Injectable()
export class TimersRepository {
  constructor(@InjectRepository(Timer) private readonly timers: Repository<Timer>) {}

  ofRoom(roomId: number): Promise<Timer[]> {
    return this.timers.find({ where: { roomId }, order: { number: 'ASC' } });
  }

  find(roomId: number, number: number): Promise<Timer | null> {
    return this.timers.findOneBy({ roomId, number });
  }

  /** Stores one at the first free number, also under a race; null when there is none. */
  async add(timer: Omit<Timer, 'number'>): Promise<Timer | null> {
    for (;;) {
      const taken = new Set((await this.ofRoom(timer.roomId)).map(({ number }) => number));
      const number = Array.from({ length: MOST_TIMERS }, (_, index) => index + 1).find(
        (free) => !taken.has(free),
      );
      if (number === undefined) {
        return null;
      }
      try {
        await this.timers.insert({ ...timer, number });
        return { ...timer, number };
      } catch (error) {
        if (!isUniqueViolation(error)) {
          throw error;
        }
      }
    }
  }

  async change({ id }: Pick<Timer, 'id'>, changes: Partial<Omit<Timer, 'id'>>): Promise<void> {
    await this.timers.update({ id }, changes);
  }

  async remove({ id }: Pick<Timer, 'id'>): Promise<boolean> {
    return ((await this.timers.delete({ id })).affected ?? 0) > 0;
  }

  /** Those that are on, and whose time has come. */
  due(now: number): Promise<Timer[]> {
    return this.timers.find({ where: { enabled: true, dueAt: LessThanOrEqual(now) }, take: 100 });
  }

  /** Sets the next time of one that was due, unless another node has, or staff have changed it. */
  async postpone({ id, dueAt }: Read, next: Pick<Timer, 'dueAt'> & Partial<Timer>): Promise<void> {
    await this.timers.update({ id, dueAt }, next);
  }
}
