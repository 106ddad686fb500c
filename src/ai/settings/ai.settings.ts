import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import type { AiSettingsView } from '../../protocol/views.js';
import { DomainError } from '../../common/errors.js';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import { ActionLog, type By } from '../../moderation/actions/action.log.js';
import { AI_LIMITS, type AiLimits } from '../ai.limits.js';
import { AiSettingsRepository } from './settings.repository.js';

/** What another node has set is known here within this time. */
const RELOAD_MS = 10_000;

/**
 * What administrators set about the AI. Whoever needs a setting reads it from `now` when it is needed, so that a change is
 * in effect for the next question. Kept in memory; the database is only read for what other nodes have changed.
 */
@Injectable()
export class AiSettings implements OnModuleInit {
  private readonly log = new Logger('Ai');
  /** What holds where nothing was set: the limits, and what the environment says. */
  readonly defaults: AiSettingsView;
  private current: AiSettingsView;
  /** How often they were changed here: what was read before that says less than what is known. */
  private changes = 0;

  constructor(
    @Inject(APP_CONFIG) config: Pick<AppConfig, 'openaiModel'>,
    @Inject(AI_LIMITS) limits: AiLimits,
    private readonly repository: AiSettingsRepository,
    private readonly actions: ActionLog,
  ) {
    const { contextTokens, answerTokens, roomAnswerTokens, asks, roomAnswers } = limits;
    const { running, queue, tokensPerPerson, tokensPerServer } = limits;
    this.defaults = {
      model: config.openaiModel,
      persona: '',
      contextTokens,
      answerTokens,
      roomAnswerTokens,
      asks,
      roomAnswers,
      running,
      queue,
      tokensPerPerson,
      tokensPerServer,
      translation: false,
      summary: false,
      moderation: 'off',
      moderateQuestions: true,
      moderateAnswers: 'retract',
      moderationFailure: 'closed',
      moderationMs: 3000,
      moderationTerms: [],
      watchBy: 'model',
      watchTokens: limits.watchTokens,
      watchMs: 5000,
      watchFailure: 'keep',
    };
    this.current = this.defaults;
  }

  get now(): Readonly<AiSettingsView> {
    return this.current;
  }

  async onModuleInit(): Promise<void> {
    await this.load();
  }

  @Interval(RELOAD_MS)
  async reload(): Promise<void> {
    await this.load().catch((error: unknown) => this.log.error(error));
  }

  /** Changes what is given. Throws `frame.invalid` when an answer could not fit beside its question. */
  async change(changes: Partial<AiSettingsView>, by?: By): Promise<AiSettingsView> {
    const given = Object.entries(changes).filter(([, value]) => value !== undefined);
    const changed: Partial<AiSettingsView> = Object.fromEntries(given);
    const next = { ...this.current, ...changed };
    const most = next.contextTokens / 2;
    const tooLong = (['answerTokens', 'roomAnswerTokens'] as const).filter((name) => next[name] > most);
    if (tooLong.length > 0) {
      throw new DomainError('frame.invalid', {
        fields: Object.fromEntries(tooLong.map((name) => [name, 'field.ai-answer-tokens' as const])),
      });
    }
    if (given.length > 0) {
      await this.repository.save(given.map(([name, value]) => ({ name, value: JSON.stringify(value) })));
      this.changes++;
      this.current = { ...this.current, ...changed };
      const settings = given.map(([name]) => name);
      this.log.log({ msg: 'the AI was set up differently', settings });
      if (by) {
        await this.actions.record(by, { action: 'ai.settings', details: { settings } });
      }
    }
    return this.current;
  }

  private async load(): Promise<void> {
    const { changes } = this;
    const stored: Record<string, unknown> = {};
    for (const { name, value } of await this.repository.all()) {
      // A newer version may have left settings that this one does not know.
      if (Object.hasOwn(this.defaults, name)) {
        stored[name] = JSON.parse(value);
      }
    }
    if (changes === this.changes) {
      this.current = { ...this.defaults, ...stored };
    }
  }
}
