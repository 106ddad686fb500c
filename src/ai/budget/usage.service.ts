import { Injectable } from '@nestjs/common';

import type { AiPersonUsageView, AiUsageView } from '../../protocol/views.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import type { Account } from '../../common/viewer.js';
import { ActionLog, type By } from '../../moderation/actions/action.log.js';
import { presentUser } from '../../users/user.presenter.js';
import { UsersService } from '../../users/users.service.js';
import { AiSettings } from '../settings/ai.settings.js';
import { BudgetsRepository } from './budgets.repository.js';
import { DAY_MS, dayOf, SERVER, WATCH } from './token.budget.js';
import { UsageRepository } from './usage.repository.js';

const LISTED = 100;
const DAYS = 14;

/** What was used, by day and person, and how much each may use. For administrators. */
@Injectable()
export class UsageService {
  constructor(
    private readonly usage: UsageRepository,
    private readonly budgets: BudgetsRepository,
    private readonly users: UsersService,
    private readonly settings: AiSettings,
    private readonly actions: ActionLog,
    private readonly clock: Clock,
  ) {}

  /** One day; today unless given. Also people who have used nothing, if they have a budget of their own. */
  async ofDay(day = dayOf(this.clock.now())): Promise<AiUsageView> {
    const first = dayOf(Date.parse(day) - (DAYS - 1) * DAY_MS);
    const [rows, days, server, watch, own] = await Promise.all([
      this.usage.ofDay(day, [SERVER, WATCH], LISTED),
      this.usage.daysOf(SERVER, first),
      this.usage.used(day, SERVER),
      this.usage.used(day, WATCH),
      this.budgets.all(LISTED),
    ]);
    const used = new Map(rows.map(({ payer, tokens }) => [payer, tokens]));
    const limits = await this.budgets.ofAll([...used.keys()]);
    own.forEach(({ userId, tokens }) => limits.set(userId, tokens));
    const people = await this.present(used, limits);
    return {
      day,
      server: { tokens: server, limit: this.settings.now.tokensPerServer },
      watch: { tokens: watch, limit: this.settings.now.watchTokens },
      people,
      days: days.filter((row) => row.day <= day).map(({ day: date, tokens }) => ({ day: date, tokens })),
    };
  }

  /** Gives somebody a budget of their own; null: as much as everybody. Throws `not-found`. */
  async setBudget(by: By, userId: string, tokens: number | null): Promise<void> {
    const account = await this.users.findAccount(userId);
    if (!account) {
      throw new DomainError('not-found');
    }
    await this.set(by, account, tokens);
  }

  /** As `setBudget`, of the account with this username. */
  async setBudgetOf(by: By, username: string, tokens: number | null): Promise<void> {
    const known = await this.users.findByUsername(username);
    if (!known) {
      throw new DomainError('not-found', { fields: { username: 'field.nobody' } });
    }
    await this.set(by, known, tokens);
  }

  private async set(by: By, user: Account, tokens: number | null): Promise<void> {
    await this.budgets.set(user.id, tokens);
    await this.actions.record(by, { action: 'ai.budget', user, details: { tokens } });
  }

  private async present(
    used: ReadonlyMap<string, number>,
    own: ReadonlyMap<string, number>,
  ): Promise<AiPersonUsageView[]> {
    const ids = [...new Set([...used.keys(), ...own.keys()])];
    const accounts = new Map((await this.users.findAccounts(ids)).map((account) => [account.id, account]));
    return ids.map((id) => {
      const account = accounts.get(id);
      return {
        id,
        user: account ? presentUser(account) : null,
        tokens: used.get(id) ?? 0,
        limit: own.get(id) ?? this.settings.now.tokensPerPerson,
        own: own.has(id),
      };
    });
  }
}
