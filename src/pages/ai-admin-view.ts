import { Injectable } from '@nestjs/common';

import type { AiModelView, AiPersonUsageView, AiUsageView, Locale } from '../protocol/views.js';
import { UsageService } from '../ai/budget/usage.service.js';
import { ConnectionTest } from '../ai/model/connection-test.service.js';
import { ModelsService } from '../ai/model/models.service.js';
import { AiSettings } from '../ai/settings/ai.settings.js';
import { translate } from '../common/i18n/translate.js';
import type { Viewer } from '../common/viewer.js';
import { adminPage } from './admin-page.js';
import { settingForms } from './ai-admin-fields.js';
import { hueClass, initialOf } from './message-row.js';
import type { PageModel } from './page-frame.js';
import { day, dayTime } from './times.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What the administrators' page about the AI shows. */
@Injectable()
export class AiAdminView {
  constructor(
    private readonly settings: AiSettings,
    private readonly models: ModelsService,
    private readonly test: ConnectionTest,
    private readonly usage: UsageService,
  ) {}

  async model(viewer: Viewer, date?: string): Promise<PageModel> {
    const { locale } = viewer;
    const [models, current, usage] = await Promise.all([
      this.listed(),
      this.models.isSetUp ? this.models.current() : '',
      this.usage.ofDay(date),
    ]);
    const test = this.test.last(locale);
    return {
      ...adminPage(viewer, '/admin/ai'),
      ready: this.models.isSetUp,
      current,
      shutdown: shutdownOf(models, current, locale),
      test: test && { ...test, when: dayTime(test.at, locale) },
      forms: settingForms({
        locale,
        settings: this.settings.now,
        defaults: this.settings.defaults,
        models,
        current,
      }),
      usage: usageModel(usage, locale),
    };
  }

  /** Null where there is no list: the page stands without. */
  private async listed(): Promise<AiModelView[] | null> {
    try {
      return this.models.isSetUp ? await this.models.available() : null;
    } catch {
      return null;
    }
  }
}

function shutdownOf(models: readonly AiModelView[] | null, current: string, locale: Locale): string {
  const shutdown = models?.find(({ id }) => id === current)?.shutdown;
  return shutdown
    ? translate(locale, 'page.ai.shutdown', { model: current, day: day(shutdown, locale) })
    : '';
}

function usageModel({ day: date, server, watch, people, days }: AiUsageView, locale: Locale) {
  const most = Math.max(1, ...days.map(({ tokens }) => tokens));
  const number = (value: number) => value.toLocaleString(locale);
  const other = (by: number) => new Date(Date.parse(date) + by * DAY_MS).toISOString().slice(0, 10);
  return {
    date: day(date, locale),
    before: other(-1),
    after: other(1),
    server: barOf(server, locale),
    watch: barOf(watch, locale),
    people: people.map((person) => personRow(person, locale)),
    days: days.map(({ day: one, tokens }) => ({
      href: `/admin/ai?day=${one}#usage`,
      label: day(one, locale),
      tokens,
      most,
      text: number(tokens),
      current: one === date,
    })),
  };
}

function personRow({ id, user, tokens, limit, own }: AiPersonUsageView, locale: Locale) {
  const nickname = user?.nickname ?? translate(locale, 'client.message.no-author');
  return {
    id,
    nickname,
    initial: initialOf(nickname),
    hueClass: user ? hueClass(user.color) : '',
    known: user !== null,
    limit: own ? String(limit) : '',
    everybody: own ? '' : limit.toLocaleString(locale),
    ...barOf({ tokens, limit }, locale),
  };
}

/** Not even the browser divides by nothing. */
function barOf({ tokens, limit }: { tokens: number; limit: number }, locale: Locale) {
  const text = `${tokens.toLocaleString(locale)} / ${limit.toLocaleString(locale)}`;
  return { value: Math.min(tokens, Math.max(1, limit)), max: Math.max(1, limit), text };
}
