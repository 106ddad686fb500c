import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { MoreThan, Not, Repository } from 'typeorm';

import { FormerName } from './former-name.entity.js';

@Injectable()
export class FormerNamesRepository {
  constructor(@InjectRepository(FormerName) private readonly names: Repository<FormerName>) {}

  async insert(name: FormerName): Promise<void> {
    await this.names.insert(name);
  }

  /** The newest first; without a limit all. */
  of(userId: string, limit?: number): Promise<FormerName[]> {
    const order = { at: 'DESC', id: 'DESC' } as const;
    return this.names.find({ where: { userId }, order, ...(limit !== undefined && { take: limit }) });
  }

  /** What somebody has given up since a time, the oldest first. */
  since(userId: string, at: number): Promise<FormerName[]> {
    return this.names.find({ where: { userId, at: MoreThan(at) }, order: { at: 'ASC' } });
  }

  /** Whether somebody else has given up such a name since a time. */
  isKept(nicknameKey: string, forUserId: string | null, at: number): Promise<boolean> {
    const others = forUserId === null ? {} : { userId: Not(forUserId) };
    return this.names.existsBy({ nicknameKey, at: MoreThan(at), ...others });
  }
}
