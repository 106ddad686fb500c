import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import { Clock } from '../../common/clock.js';
import { domainErrorOf } from '../../common/error-answer.js';
import { AiMetrics } from '../ai.metrics.js';
import { Calibration } from '../budget/estimate.js';
import { TokenBudget } from '../budget/token.budget.js';
import { ModelsService } from '../model/models.service.js';
import { AI_PROVIDER, type AiProvider } from '../provider/ai-provider.js';
import { ModerationService } from '../moderation/moderation.service.js';
import { AnswerLog } from './answer.log.js';
import { tokensUsed, verdictOn } from './ended.policy.js';
import { Generation, type Ended, type Run, type Task } from './generation.js';
import type { AiGeneration } from './generation.entity.js';
import { GenerationsRepository } from './generations.repository.js';

/** A run that a crash ends has lost no more of its text than this. */
const SAVE_MS = 1000;
const LATE_MS = 10_000;

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
  /** Those that could not be stored or settled at the time. Their text is kept in their row, also for the next start. */
  private readonly late = new Map<Generation, Run>();
  /** The rows of runs whose question is being stored, by run. */
  private readonly prepared = new Map<string, AiGeneration>();
  private closing = false;

  constructor(
    @Inject(AI_PROVIDER) private readonly provider: AiProvider,
    private readonly models: ModelsService,
    private readonly repository: GenerationsRepository,
    private readonly answers: AnswerLog,
    private readonly budget: TokenBudget,
    private readonly calibration: Calibration,
    private readonly clock: Clock,
    private readonly moderation: ModerationService,
    private readonly metrics: AiMetrics,
  ) {}

  /** Those that are being written now. */
  get all(): Generation[] {
    return [...this.running.values()];
  }

  /** True from when the server begins to leave: what runs is ended, and nothing new begins. */
  get isClosing(): boolean {
    return this.closing;
  }

  /** Notes a run before its question is stored, so that no crash leaves the one without the other. */
  async prepare(run: PreparedRun, nonce: string | null): Promise<void> {
    const row = rowOf(run, nonce, this.clock.now());
    await this.repository.insert(row);
    this.prepared.set(run.runId, row);
  }

  /** Forgets a run whose question was not stored. */
  async discard(runId: string): Promise<void> {
    if (this.prepared.delete(runId)) {
      await this.repository.discard(runId);
    }
  }

  /** Begins to write, when its turn comes. What comes of it is told to the room; `done` resolves at the end and never rejects. */
  start(task: Task): Generation {
    const generation = new Generation(task, this.provider, this.moderation.guard());
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

  /** Another try for what could not be stored. */
  @Interval(LATE_MS)
  async storeLate(): Promise<void> {
    const late = [...this.late];
    this.late.clear();
    for (const [generation, run] of late) {
      await this.conclude(generation, run);
      if (!this.late.has(generation)) {
        this.rows.delete(generation);
      }
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
      const { runId, messageId, replyTo, goesOn } = generation.task;
      const prepared = this.prepared.get(runId)!;
      this.prepared.delete(runId);
      const row = Object.assign(prepared, {
        messageId,
        replyTo,
        target: goesOn?.seq ?? null,
        text: goesOn?.text ?? '',
      });
      this.rows.set(generation, row);
      await generation.wait();
      // Stored with the next save: the model does not wait for it, and a crash before that loses that it had begun.
      row.status = 'running';
      const run = await generation.run();
      this.learn(generation, run);
      ended = await this.conclude(generation, run);
    } catch (error) {
      const { code } = domainErrorOf(error);
      this.log.error(error);
      ended = { status: 'failed', code, text: '' };
      await this.budget
        .settle(generation.task.reservation, 0)
        .catch((fault: unknown) => this.log.error(fault));
    }
    if (!this.late.has(generation)) {
      this.rows.delete(generation);
    }
    this.running.delete(generation.task.messageId);
    this.metrics.generations.inc({ outcome: ended.status });
    generation.close(ended);
  }

  private async conclude(generation: Generation, run: Run): Promise<Ended> {
    const { text } = generation;
    const verdict = verdictOn(run, generation.stopReason, generation.hasGrown);
    const stored = await this.store(generation, verdict.status);
    const ended: Ended = { ...verdict, ...stored, text };
    const isStored = !stored.code?.startsWith('storage.') && (await this.hasFinished(generation, run, ended));
    if (!isStored) {
      this.late.set(generation, run);
    }
    return ended;
  }

  private learn({ task, firstTokenSeconds }: Generation, { end, prompt, usage }: Run): void {
    if (end.fault === 'model-missing') {
      this.models.forget();
    }
    if (usage && prompt) {
      this.calibration.learn(task.model, prompt.guess, usage.promptTokens);
    }
    if (firstTokenSeconds !== null) {
      this.metrics.firstTokenSeconds.observe(firstTokenSeconds);
    }
    if (end.fault) {
      this.metrics.faults.inc({ fault: end.fault });
    }
    this.metrics.tokens.inc({ direction: 'in' }, usage?.promptTokens ?? 0);
    this.metrics.tokens.inc({ direction: 'out' }, usage?.completionTokens ?? 0);
  }

  private async hasFinished(generation: Generation, run: Run, ended: Ended): Promise<boolean> {
    try {
      await this.finish(generation, run, ended);
      return true;
    } catch (error) {
      this.log.error(error);
      return false;
    }
  }

  /** Ends the run in the database, and settles what it took. */
  private async finish({ task, text, deltas }: Generation, run: Run, ended: Ended): Promise<void> {
    const added = text.slice(task.goesOn?.text.length ?? 0);
    const used = tokensUsed(run, added, this.calibration.ratio(task.model));
    const { messageId, replyTo } = task;
    const isMine = await this.repository.finish(task.runId, {
      messageId,
      replyTo,
      status: ended.status,
      code: ended.code ?? null,
      seq: ended.seq ?? null,
      deltas,
      promptTokens: run.usage?.promptTokens ?? null,
      completionTokens: run.usage?.completionTokens ?? null,
      endedAt: this.clock.now(),
    });
    if (isMine) {
      await this.budget.settle(task.reservation, used);
    }
  }

  /** Puts the text into the log. A room that takes none any more gets none. */
  private async store(generation: Generation, status: Ended['status']): Promise<Partial<Ended>> {
    const { task, text, hasGrown, keepsText } = generation;
    if (!hasGrown || !keepsText) {
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

type PreparedRun = Pick<Task, 'runId' | 'live' | 'requesterId' | 'model' | 'reservation'>;

function rowOf(run: PreparedRun, nonce: string | null, now: number): AiGeneration {
  const { runId, live, requesterId, model, reservation } = run;
  return {
    id: runId,
    roomId: live.room.id,
    messageId: '',
    requesterId,
    nonce,
    replyTo: 0,
    target: null,
    model,
    status: 'queued',
    code: null,
    seq: null,
    text: '',
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
