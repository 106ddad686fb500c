import { setTimeout as sleep } from 'node:timers/promises';

import { Inject, Injectable, Logger } from '@nestjs/common';

import { DomainError } from '../../common/errors.js';
import { AiMetrics } from '../ai.metrics.js';
import { AiSettings } from '../settings/ai.settings.js';
import { AnswerGuard } from './answer.guard.js';
import type { Judgement } from './moderator.js';
import { MODERATORS, type Moderators } from './moderators.js';

/**
 * The check of what goes into the model and what comes out of it, as the administrators have set it: what checks, how long it may
 * take, and what it means when it fails.
 */
@Injectable()
export class ModerationService {
  private readonly log = new Logger('Ai');

  constructor(
    @Inject(MODERATORS) private readonly moderators: Moderators,
    private readonly settings: AiSettings,
    private readonly metrics: AiMetrics,
  ) {}

  /** Throws `text.blocked` for a question that is not let through, and `ai.provider` for one that cannot be checked. */
  async requireAllowed(question: string): Promise<void> {
    const judgement = this.settings.now.moderateQuestions ? await this.judge(question) : 'allow';
    if (judgement !== 'allow') {
      throw new DomainError(judgement === 'block' ? 'text.blocked' : 'ai.provider');
    }
  }

  /** Watches over one answer while it is being written. */
  guard(): AnswerGuard {
    const { moderation, moderateAnswers } = this.settings.now;
    const mode = moderation === 'off' ? 'off' : moderateAnswers;
    return new AnswerGuard(mode, (text) => this.judge(text));
  }

  private async judge(text: string): Promise<Judgement> {
    const { moderation, moderationMs, moderationFailure } = this.settings.now;
    if (moderation === 'off' || text === '') {
      return 'allow';
    }
    const over = new AbortController();
    try {
      const late = sleep(moderationMs, null, { signal: over.signal }).then(() => {
        throw new Error('It took too long.');
      });
      const allows = this.moderators[moderation].allows(text, over.signal);
      const judgement = (await Promise.race([allows, late])) ? 'allow' : 'block';
      this.metrics.checks.inc({ judgement });
      return judgement;
    } catch (error) {
      this.metrics.checks.inc({ judgement: 'unchecked' });
      // Never the error's own words: they may repeat the key, or what somebody wrote.
      const kind = error instanceof Error ? error.constructor.name : typeof error;
      this.log.warn({ msg: 'a text could not be checked', kind, passes: moderationFailure === 'open' });
      return moderationFailure === 'open' ? 'allow' : 'unchecked';
    } finally {
      over.abort();
    }
  }
}
