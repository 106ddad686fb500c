import { randomUUID } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { Draining } from '../../common/draining.js';
import { DomainError } from '../../common/errors.js';
import type { LiveRoom } from '../../chat/rooms/live-room.js';
import { Calibration } from '../budget/estimate.js';
import { TokenBudget } from '../budget/token.budget.js';
import type { Pass } from '../budget/turnstile.js';
import { ModelsService } from '../model/models.service.js';
import type { Prompt } from '../prompt/prompt.js';
import { ModerationService } from '../moderation/moderation.service.js';
import { AiSettings } from '../settings/ai.settings.js';
import type { Ended, Task } from './generation.js';
import { GenerationsService } from './generations.service.js';

/** What the model may be off by, on top of what is known of it. */
const SAFETY = 0.85;
const RETRY_MS = 2000;

/** Something to be answered. */
export interface Asking {
  readonly live: LiveRoom;
  /** Who pays. */
  readonly requesterId: string;
  readonly answerTokens: number;
  /** Their turn; taken before, and given back here or when the answer has ended. */
  readonly pass: Pass;
  /** What to send, in at most so many guessed tokens; null when it does not fit. */
  readonly prompt: (limit: number) => Prompt | null;
  /** What is asked, to be checked; none: it has been. */
  readonly question?: string;
  /** The nonce of the question that `store` stores, if it does. */
  readonly nonce?: string;
  /** Called when nothing can refuse any more: stores what comes before the answer. Null: there is nothing to answer. */
  readonly store: () => Promise<Place | null>;
  /** Told how the answer ended. */
  readonly onEnd?: (ended: Ended) => void;
}

/** Where an answer goes. */
export type Place = Pick<Task, 'messageId' | 'replyTo' | 'goesOn' | 'after'>;

/** From a question to a run of the model, in an order in which every refusal leaves nothing behind. */
@Injectable()
export class AnsweringService {
  constructor(
    private readonly settings: AiSettings,
    private readonly models: ModelsService,
    private readonly generations: GenerationsService,
    private readonly budget: TokenBudget,
    private readonly calibration: Calibration,
    private readonly draining: Draining,
    private readonly moderation: ModerationService,
  ) {}

  /** Throws `ai.off` where there is no provider, and `server.draining` when the server is about to leave. */
  requireReady(): void {
    if (this.draining.active || this.generations.isClosing) {
      throw new DomainError('server.draining', { retryAfterMs: RETRY_MS });
    }
    if (!this.models.isSetUp) {
      throw new DomainError('ai.off');
    }
  }

  /** Throws `text.blocked`, `ai.too-long`, `ai.quota`, and whatever `store` does. */
  async begin(asking: Asking): Promise<void> {
    const { live, requesterId, answerTokens, pass, prompt: make, question, nonce, store, onEnd } = asking;
    try {
      if (question !== undefined) {
        await this.moderation.requireAllowed(question);
      }
      const model = await this.models.current();
      const ratio = this.calibration.ratio(model);
      const room = ((this.settings.now.contextTokens - answerTokens) * SAFETY) / ratio;
      const prompt = (most: number) => make(Math.min(room, most));
      const guess = prompt(room)?.guess;
      if (guess === undefined) {
        throw new DomainError('ai.too-long');
      }
      const reservation = await this.budget.reserve(requesterId, Math.ceil(guess * ratio) + answerTokens);
      const run = { runId: randomUUID(), live, requesterId, model, answerTokens, prompt, reservation, pass };
      let place: Place | null = null;
      try {
        // First the run and then the question: after a crash in between, nothing is set aside for ever.
        await this.generations.prepare(run, nonce ?? null);
        place = await store();
      } finally {
        if (!place) {
          await this.generations.discard(run.runId);
          await this.budget.settle(reservation, 0);
        }
      }
      if (!place) {
        pass.refund();
        return;
      }
      const task: Task = { ...run, ...place };
      // After this turn of the loop, so that the acknowledgement goes first.
      setImmediate(() => void this.generations.start(task).done.then(onEnd));
    } catch (error) {
      // What is not let through counts: nobody is to try out what is.
      if (error instanceof DomainError && error.code === 'text.blocked') {
        pass.leave();
      } else {
        pass.refund();
      }
      throw error;
    }
  }
}
