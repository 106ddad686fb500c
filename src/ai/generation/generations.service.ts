import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import { Clock } from '../../common/clock.js';
import { domainErrorOf } from '../../common/error-answer.js';
import { Calibration } from '../budget/estimate.js';
import { TokenBudget } from '../budget/token.budget.js';
import { ModelsService } from '../model/models.service.js';
import { AI_PROVIDER, type AiProvider } from '../provider/ai-provider.js';
import { AnswerLog } from './answer.log.js';
import { tokensUsed, verdictOn } from './ended.policy.js';
import { Generation, type Ended, type Run, type Task } from './generation.js';
import type { AiGeneration } from './generation.entity.js';
import { GenerationsRepository } from './generations.repository.js';

/** A run that a crash ends has lost no more of its text than this. */
const SAVE_MS = 1000;

/**
 * The answers that are being written. They belong to the server: whoever asked may close the page, and finds the answer
 * when they come back. Every run ends in `conclude`, whatever ended it.
 */
@Injectable()
export class GenerationsService implements OnModuleDestroy {
  private readonly log = new Logger('Ai');
  /** By the id of the message. */
  private readonly running = new Map<string, Generation>();
  private readonly rows = new Map<Generation, AiGeneration>();
  private closing = false;

  constructor(
    @Inject(AI_PROVIDER) private readonly provider: AiProvider,
    private readonly models: ModelsService,
    private readonly repository: GenerationsRepository,
    private readonly answers: AnswerLog,
    private readonly budget: TokenBudget,
    private readonly calibration: Calibration,
    private readonly clock: Clock,
  ) {}

  /** Those that are being written now. */
  get all(): Generation[] {
    return [...this.running.values()];
  }

  /** True from when the server begins to leave: what runs is ended, and nothing new begins. */
  get isClosing(): boolean {
    return this.closing;
  }

  /** Begins to write. What comes of it is told to the room; `done` resolves at the end and never rejects. */
  start(task: Task): Generation {
    const generation = new Generation(task, this.provider);
    this.running.set(task.messageId, generation);
    if (this.closing) {
      generation.stop('interrupted');
    }
    void this.carry(generation);
    return generation;
  }

  /** The answer that is being written as this message, if it is. */
  find(roomId: number, messageId: string): Generation | null {
    const generation = this.running.get(messageId);
    return generation?.task.live.room.id === roomId ? generation : null;
  }

  /** Those that are being written in a room. */
  inRoom(roomId: number): Generation[] {
    return this.all.filter(({ task }) => task.live.room.id === roomId);
  }

  @Interval(SAVE_MS)
  async save(): Promise<void> {
    const now = this.clock.now();
    const rows = [...this.rows].map(([{ text, deltas }, row]) =>
      Object.assign(row, { text, deltas, heartbeatAt: now }),
    );
    if (rows.length > 0) {
      await this.repository.save(rows).catch((error: unknown) => this.log.error(error));
    }
  }

  /** The server leaves: what there is of each answer is kept. */
  async onModuleDestroy(): Promise<void> {
    this.closing = true;
    const running = this.all;
    running.forEach((generation) => generation.stop('interrupted'));
    await Promise.all(running.map(({ done }) => done));
  }

  private async carry(generation: Generation): Promise<void> {
    let ended: Ended;
    try {
      const row = rowOf(generation.task, this.clock.now());
      await this.repository.insert(row);
      this.rows.set(generation, row);
      ended = await this.conclude(generation, await generation.run());
    } catch (error) {
      const { code } = domainErrorOf(error);
      this.log.error(error);
      ended = { status: 'failed', code, text: '' };
      await this.budget
        .settle(generation.task.reservation, 0)
        .catch((fault: unknown) => this.log.error(fault));
    }
    this.rows.delete(generation);
    this.running.delete(generation.task.messageId);
    generation.close(ended);
  }

  private async conclude(generation: Generation, run: Run): Promise<Ended> {
    const { task, text } = generation;
    const verdict = verdictOn(run, generation.stopReason, generation.hasGrown);
    const stored = await this.store(generation, verdict.status);
    const ended: Ended = { ...verdict, ...stored, text };
    this.rows.delete(generation);
    if (run.end.fault === 'model-missing') {
      this.models.forget();
    }
    if (run.usage && run.prompt) {
      this.calibration.learn(task.model, run.prompt.guess, run.usage.promptTokens);
    }
    const added = text.slice(task.goesOn?.text.length ?? 0);
    const used = tokensUsed(run, added, this.calibration.ratio(task.model));
    const isMine = await this.repository.finish(task.runId, {
      status: ended.status,
      code: ended.code ?? null,
      seq: ended.seq ?? null,
      deltas: generation.deltas,
      promptTokens: run.usage?.promptTokens ?? null,
      completionTokens: run.usage?.completionTokens ?? null,
      endedAt: this.clock.now(),
    });
    if (isMine) {
      await this.budget.settle(task.reservation, used);
    }
    return ended;
  }

  /** Puts the text into the log. A room that takes none any more gets none. */
  private async store(generation: Generation, status: Ended['status']): Promise<Partial<Ended>> {
    const { task, text, stopReason, hasGrown } = generation;
    if (!hasGrown || stopReason === 'cancelled') {
      return {};
    }
    const { runId, messageId, replyTo, goesOn } = task;
    try {
      const roomId = task.live.room.id;
      const target = goesOn?.seq ?? null;
      return { seq: await this.answers.store({ roomId, runId, messageId, replyTo, target, text, status }) };
    } catch (error) {
      const { code } = domainErrorOf(error);
      this.log.warn({ msg: 'an answer could not be stored', code });
      return { status: 'failed', code };
    }
  }
}

function rowOf(task: Task, now: number): AiGeneration {
  const { runId, messageId, requesterId, replyTo, goesOn, model, reservation } = task;
  return {
    id: runId,
    roomId: task.live.room.id,
    messageId,
    requesterId,
    replyTo,
    target: goesOn?.seq ?? null,
    model,
    status: 'running',
    code: null,
    seq: null,
    text: goesOn?.text ?? '',
    deltas: 0,
    day: reservation.day,
    reserved: reservation.reserved,
    promptTokens: null,
    completionTokens: null,
    startedAt: now,
    heartbeatAt: now,
    endedAt: null,
  };
}
