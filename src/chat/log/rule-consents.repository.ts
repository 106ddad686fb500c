import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';

import { RuleConsent } from './rule-consent.entity.js';

/** Who has read which rules. The log's writer reads the same table under the lock. */
@Injectable()
export class RuleConsentsRepository {
  constructor(@InjectRepository(RuleConsent) private readonly consents: Repository<RuleConsent>) {}

  /** Which rules somebody has read last in a room, by `rulesId`; null: none. */
  async of(roomId: number, userId: string): Promise<string | null> {
    return (await this.consents.findOneBy({ roomId, userId }))?.rules ?? null;
  }

  /** Somebody has read these: they take the place of the ones before. */
  async keep(consent: RuleConsent): Promise<void> {
    await this.consents.upsert(consent, ['roomId', 'userId']);
  }

  /** Forgets those of people who are no more, as guests are a day after they have left. */
  async forgetGone(): Promise<void> {
    await this.consents
      .createQueryBuilder()
      .delete()
      .where('user_id NOT IN (SELECT id FROM users)')
      .execute();
  }
}
