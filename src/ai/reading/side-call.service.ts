import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import { DomainError } from '../../common/errors.js';
import { SharedWindows, type SharedWindow } from '../../realtime/cluster/shared.window.js';
import { AI_LIMITS, type AiLimits } from '../ai.limits.js';
import { Calibration } from '../budget/estimate.js';
import { TokenBudget } from '../budget/token.budget.js';
import { AnsweringService } from '../generation/answering.service.js';
import { AnswerText } from '../generation/answer.text.js';
import { tokensUsed } from '../generation/ended.policy.js';
import { ModelsService } from '../model/models.service.js';
import type { Prompt } from '../prompt/prompt.js';
import { FAULT_CODES } from '../provider/ai-fault.js';
import { AI_PROVIDER, type AiEnd, type AiProvider } from '../provider/ai-provider.js';

/** At one time on this node: they are a help in reading, and answers go first. */
const MOST_RUNNING = 8;
const PATIENCE_MS = 60_000;
const BUSY_MS = 2000;

/** Something the model is to write that is no answer in a log. */
export interface SideCall {
  /** Who pays. */
  readonly payer: string;
  readonly prompt: Prompt;
  readonly answerTokens: number;
}

/** Whether a refusal is about the person who pays, so that somebody else may still have it. */
export const isPersonal = (error: unknown): boolean =>
  error instanceof DomainError && (error.code === 'ai.quota' || error.code === 'rate.limited');

/** One call of the model outside of the log: limited, paid for by whoever wants it, and over when the server leaves. */
@Injectable()
export class SideCallService implements OnModuleDestroy {
  private readonly taken: SharedWindow;
  private readonly running = new Set<AbortController>();

  constructor(
    @Inject(AI_LIMITS) limits: AiLimits,
    @Inject(AI_PROVIDER) private readonly provider: AiProvider,
    private readonly answering: AnsweringService,
    private readonly models: ModelsService,
    private readonly budget: TokenBudget,
    private readonly calibration: Calibration,
    windows: SharedWindows,
  ) {
    this.taken = windows.make('readings', () => limits.readings, limits.readingsWindowMs);
  }

  /**
   * What the model wrote, whole. Throws `rate.limited`, `ai.busy`, `ai.quota`, `ai.off`, and what the provider's fault
   * amounts to; an answer that was cut is `ai.too-long`.
   */
  async run({ payer, prompt, answerTokens }: SideCall): Promise<string> {
    this.answering.requireReady();
    if (this.running.size >= MOST_RUNNING) {
      throw new DomainError('ai.busy', { retryAfterMs: BUSY_MS });
    }
    const abort = new AbortController();
    this.running.add(abort);
    try {
      const wait = await this.taken.take(payer);
      if (wait > 0) {
        throw new DomainError('rate.limited', { retryAfterMs: wait });
      }
      const model = await this.models.current();
      const guess = Math.ceil(prompt.guess * this.calibration.ratio(model)) + answerTokens;
      const reservation = await this.budget.reserve(payer, guess);
      const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(PATIENCE_MS)]);
      const request = { model, messages: prompt.messages, maxTokens: answerTokens };
      const { text, end } = await this.read(request, signal);
      const usage = end.usage ?? null;
      if (usage) {
        this.calibration.learn(model, prompt.guess, usage.promptTokens);
      }
      const used = tokensUsed({ end, prompt, usage }, text, this.calibration.ratio(model));
      await this.budget.settle(reservation, used);
      return checked(text, end);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'ai.quota') {
        this.taken.refund(payer);
      }
      throw error;
    } finally {
      this.running.delete(abort);
    }
  }

  onModuleDestroy(): void {
    this.running.forEach((abort) => abort.abort());
  }

  @Interval(60_000)
  sweep(): void {
    this.taken.sweep();
  }

  private async read(
    request: Parameters<AiProvider['stream']>[0],
    signal: AbortSignal,
  ): Promise<{ text: string; end: AiEnd }> {
    const answer = new AnswerText();
    let end: AiEnd = { type: 'end', status: 'failed', fault: 'cut' };
    for await (const event of this.provider.stream(request, signal)) {
      if (event.type === 'end') {
        end = event;
      } else {
        answer.push(event.text);
      }
    }
    return { text: answer.value.trim(), end };
  }
}

function checked(text: string, { status, fault, retryAfterMs }: AiEnd): string {
  if (status === 'complete' && text !== '') {
    return text;
  }
  if (status === 'truncated') {
    throw new DomainError('ai.too-long');
  }
  const code = fault === undefined ? 'ai.provider' : FAULT_CODES[fault];
  throw new DomainError(code, retryAfterMs === undefined ? {} : { retryAfterMs });
}
