import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';

import { AiUsageRow } from './usage.entity.js';

/** Tokens by day and payer. Each change is one statement, so that two at once cannot both take the last of them. */
@Injectable()
export class UsageRepository {
  constructor(@InjectRepository(AiUsageRow) private readonly rows: Repository<AiUsageRow>) {}

  /** Adds tokens if the sum stays within the limit; answers whether it did. */
  async take(day: string, payer: string, tokens: number, limit: number): Promise<boolean> {
    if (tokens > limit) {
      return false;
    }
    const { driver } = this.rows.manager.dataSource;
    const at = (index: number) => driver.createParameter('', index);
    const taken: unknown[] = await this.rows.query(
      `INSERT INTO ai_usage (day, payer, tokens) VALUES (${at(0)}, ${at(1)}, ${at(2)})
       ON CONFLICT (day, payer) DO UPDATE SET tokens = ai_usage.tokens + excluded.tokens
       WHERE ai_usage.tokens + excluded.tokens <= ${at(3)}
       RETURNING tokens`,
      [day, payer, tokens, limit],
    );
    return taken.length > 0;
  }

  /** Adds tokens without asking; negative ones are given back. */
  async add(day: string, payer: string, tokens: number): Promise<void> {
    await this.rows.increment({ day, payer }, 'tokens', tokens);
  }

  async used(day: string, payer: string): Promise<number> {
    return (await this.rows.findOneBy({ day, payer }))?.tokens ?? 0;
  }
}
