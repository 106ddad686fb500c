import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';

import { queryPrepared } from '../../database/prepared.js';
import { AiBudget } from './budget.entity.js';

/** The budgets of those who have one of their own. */
@Injectable()
export class BudgetsRepository {
  constructor(@InjectRepository(AiBudget) private readonly rows: Repository<AiBudget>) {}

  /** Tokens a day; null: as much as everybody. */
  async of(userId: string): Promise<number | null> {
    const [own] = await queryPrepared<{ tokens: number | string }>(
      this.rows.manager,
      (at) => `SELECT tokens FROM ai_budgets WHERE user_id = ${at(0)}`,
      [userId],
    );
    return own ? Number(own.tokens) : null;
  }

  /** Those of these people who have one. */
  async ofAll(userIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.rows.findBy({ userId: In(userIds) });
    return new Map(rows.map(({ userId, tokens }) => [userId, tokens]));
  }

  /** Everybody who has one. */
  async all(limit: number): Promise<AiBudget[]> {
    return this.rows.find({ take: limit });
  }

  async set(userId: string, tokens: number | null): Promise<void> {
    if (tokens === null) {
      await this.rows.delete({ userId });
    } else {
      await this.rows.upsert({ userId, tokens }, ['userId']);
    }
  }
}
