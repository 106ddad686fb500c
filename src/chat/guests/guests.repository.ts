import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';

import { Session } from '../../auth/session.entity.js';
import { User } from '../../users/user.entity.js';
import { Sanction } from '../log/sanction.entity.js';

/** Guests as a room meets them: rows of `users`, with what holds against them and whether they are still there. */
@Injectable()
export class GuestsRepository {
  constructor(
    @InjectRepository(Sanction) private readonly sanctions: Repository<Sanction>,
    @InjectRepository(User) private readonly users: Repository<User>,
  ) {}

  /** Time-outs and bans in force, imposed since a time, against guests who chose their name at an address. */
  sanctionsAt(address: string, since: number, now: number): Promise<Sanction[]> {
    return this.sanctions
      .createQueryBuilder('sanction')
      .innerJoin(User, 'guest', 'guest.id = sanction.userId AND guest.address = :address', { address })
      .where(`sanction.liftedAt IS NULL AND sanction.action <> 'hide' AND sanction.at > :since`, { since })
      .andWhere('(sanction.until IS NULL OR sanction.until > :now)', { now })
      .getMany();
  }

  /** Frees the names of guests who came before a time and whose sessions have all ended. */
  async deleteGone(before: number, now: number): Promise<void> {
    const alive = this.users
      .createQueryBuilder()
      .subQuery()
      .select('session.id')
      .from(Session, 'session')
      .where('session.user_id = users.id AND session.dead_at IS NULL AND session.expires_at > :now')
      .getQuery();
    await this.users
      .createQueryBuilder()
      .delete()
      .where(`guest IS NOT NULL AND created_at < :before AND NOT EXISTS ${alive}`, { before, now })
      .execute();
  }
}
