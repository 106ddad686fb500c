import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, LessThanOrEqual, Repository } from 'typeorm';

import { isUniqueViolation } from '../../database/unique-violation.js';
import { Warning } from './warning.entity.js';

@Injectable()
export class WarningsRepository {
  constructor(@InjectRepository(Warning) private readonly warnings: Repository<Warning>) {}

  /** False, and nothing is stored, if there is a warning with this id. */
  async insert(warning: Warning): Promise<boolean> {
    try {
      await this.warnings.insert(warning);
      return true;
    } catch (error) {
      if (isUniqueViolation(error)) {
        return false;
      }
      throw error;
    }
  }

  findById(id: string): Promise<Warning | null> {
    return this.warnings.findOneBy({ id });
  }

  /** What somebody has not acknowledged in a room, the oldest first. */
  open(userId: string, roomId: number): Promise<Warning[]> {
    return this.warnings.find({
      where: { userId, roomId, acknowledgedAt: IsNull() },
      order: { at: 'ASC', id: 'ASC' },
    });
  }

  /** All that somebody was told in a room, the newest first. */
  of(userId: string, roomId: number, limit: number): Promise<Warning[]> {
    return this.warnings.find({ where: { userId, roomId }, order: { at: 'DESC', id: 'DESC' }, take: limit });
  }

  /** The same in every room, the oldest first. */
  everywhere(userId: string): Promise<Warning[]> {
    return this.warnings.find({ where: { userId }, order: { at: 'ASC', id: 'ASC' } });
  }

  /** Somebody has read all up to a warning; answers whether there was anything they had not. */
  async acknowledge({ userId, roomId, at }: Warning, now: number): Promise<boolean> {
    const { affected } = await this.warnings.update(
      { userId, roomId, at: LessThanOrEqual(at), acknowledgedAt: IsNull() },
      { acknowledgedAt: now },
    );
    return (affected ?? 0) > 0;
  }
}
