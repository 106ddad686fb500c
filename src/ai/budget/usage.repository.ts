import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, MoreThanOrEqual, Not, Repository } from 'typeorm';

import { executeUnsynced, queryUnsynced } from '../../database/unsynced.js';
import { AiUsageRow } from './usage.entity.js';

/** Who pays, and how many tokens they may use on a day. */
export interface Payer {
  readonly payer: string;
  readonly limit: number;
}

/** Tokens by day and payer. Each change is one statement, so that two at once cannot both take the last of them. */
@Injectable()
export class UsageRepository {
  constructor(@InjectRepository(AiUsageRow) private readonly rows: Repository<AiUsageRow>) {}

  /**
   * Adds tokens to each of two payers whose sum stays within their limit; answers to whom it did. Always in this order, so
   * that on PostgreSQL nobody waits for each other.
   */
  async take(
    day: string,
    tokens: number,
    [first, second]: readonly [payer: Payer, payer: Payer],
  ): Promise<string[]> {
    if (tokens > first.limit || tokens > second.limit) {
      return [];
    }
    const { driver } = this.rows.manager.dataSource;
    const at = (index: number) => driver.createParameter('', index);
    const taken = await queryUnsynced<Pick<AiUsageRow, 'payer'>>(
      this.rows.manager,
      `INSERT INTO ai_usage (day, payer, tokens)
       VALUES (${at(0)}, ${at(1)}, ${at(2)}), (${at(3)}, ${at(4)}, ${at(5)})
       ON CONFLICT (day, payer) DO UPDATE SET tokens = ai_usage.tokens + excluded.tokens
       WHERE ai_usage.tokens + excluded.tokens <=
         CASE WHEN ai_usage.payer = ${at(6)} THEN CAST(${at(7)} AS bigint) ELSE CAST(${at(8)} AS bigint) END
       RETURNING payer`,
      [day, first.payer, tokens, day, second.payer, tokens, first.payer, first.limit, second.limit],
    );
    return taken.map(({ payer }) => payer);
  }

  /** The same for one payer alone; whether it did. */
  async takeOne(day: string, tokens: number, { payer, limit }: Payer): Promise<boolean> {
    if (tokens > limit) {
      return false;
    }
    const { driver } = this.rows.manager.dataSource;
    const at = (index: number) => driver.createParameter('', index);
    const taken = await queryUnsynced<Pick<AiUsageRow, 'payer'>>(
      this.rows.manager,
      `INSERT INTO ai_usage (day, payer, tokens)
       VALUES (${at(0)}, ${at(1)}, ${at(2)})
       ON CONFLICT (day, payer) DO UPDATE SET tokens = ai_usage.tokens + excluded.tokens
       WHERE ai_usage.tokens + excluded.tokens <= CAST(${at(3)} AS bigint)
       RETURNING payer`,
      [day, payer, tokens, limit],
    );
    return taken.length > 0;
  }

  /** Adds tokens to these without asking; negative ones are given back. */
  async add(day: string, payers: readonly string[], tokens: number): Promise<void> {
    await executeUnsynced(
      this.rows
        .createQueryBuilder()
        .update()
        .set({ tokens: () => 'tokens + :tokens' })
        .where({ day, payer: In(payers) })
        .setParameter('tokens', tokens),
    );
  }

  /** Who paid most on a day, first; the payers `except` are left out. */
  ofDay(day: string, except: readonly string[], limit: number): Promise<AiUsageRow[]> {
    return this.rows.find({
      where: { day, payer: Not(In(except)) },
      order: { tokens: 'DESC', payer: 'ASC' },
      take: limit,
    });
  }

  /** A payer's days from one on, in order. */
  daysOf(payer: string, from: string): Promise<AiUsageRow[]> {
    return this.rows.find({ where: { payer, day: MoreThanOrEqual(from) }, order: { day: 'ASC' } });
  }

  async used(day: string, payer: string): Promise<number> {
    return (await this.rows.findOneBy({ day, payer }))?.tokens ?? 0;
  }
}
