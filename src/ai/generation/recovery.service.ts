import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';

import { Clock } from '../../common/clock.js';
import { domainErrorOf } from '../../common/error-answer.js';
import { AI_LIMITS, type AiLimits } from '../ai.limits.js';
import { estimateText } from '../budget/estimate.js';
import { TokenBudget } from '../budget/token.budget.js';
import { AnswerLog } from './answer.log.js';
import type { AiGeneration } from './generation.entity.js';
import { GenerationsRepository } from './generations.repository.js';

/**
 * After a crash: answers that were being written are posted with the text they had, marked `interrupted`, and what was
 * set aside for them is settled. All of it before the server listens.
 */
@Injectable()
export class RecoveryService implements OnApplicationBootstrap {
  private readonly log = new Logger('Ai');

  constructor(
    @Inject(AI_LIMITS) private readonly limits: AiLimits,
    private readonly repository: GenerationsRepository,
    private readonly answers: AnswerLog,
    private readonly budget: TokenBudget,
    private readonly clock: Clock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    for (const row of await this.repository.running()) {
      await this.recover(row);
    }
  }

  private async recover(row: AiGeneration): Promise<void> {
    const { id, roomId, messageId, replyTo, target, text, day, requesterId, reserved } = row;
    let seq: number | null = null;
    let code: string | null = null;
    try {
      const answer = { roomId, runId: id, messageId, replyTo, target, text, status: 'interrupted' } as const;
      seq = text === '' ? null : await this.answers.store(answer);
    } catch (error) {
      // A room that was closed or removed meanwhile takes no more answers.
      ({ code } = domainErrorOf(error));
    }
    const status = seq === null ? 'failed' : 'interrupted';
    const end = {
      status,
      code,
      seq,
      deltas: row.deltas,
      promptTokens: null,
      completionTokens: null,
      endedAt: this.clock.now(),
    } as const;
    if (await this.repository.finish(id, end)) {
      const prompt = Math.max(0, reserved - this.limits.answerTokens);
      await this.budget.settle({ day, payer: requesterId, reserved }, prompt + estimateText(text));
    }
    this.log.log({ msg: 'an answer was interrupted', generation: id, status });
  }
}
