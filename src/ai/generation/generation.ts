import type { ErrorCode } from '../../protocol/error-codes.js';
import type { AiStatus, ServerFrame } from '../../protocol/frames.js';
import { DomainError } from '../../common/errors.js';
import { isStaff, type Viewer } from '../../common/viewer.js';
import type { LiveRoom } from '../../chat/rooms/live-room.js';
import type { Stream } from '../../chat/rooms/room.streams.js';
import type { Pass } from '../budget/turnstile.js';
import type { Reservation } from '../budget/token.budget.js';
import type { Prompt } from '../prompt/prompt.js';
import type { AnswerGuard } from '../moderation/answer.guard.js';
import type { AiEnd, AiProvider, AiUsage } from '../provider/ai-provider.js';
import { AnswerText } from './answer.text.js';
import { Coalescer } from './coalescer.js';

const WINDOW_MS = 50;
/** On a second try, with a model whose context turned out smaller than was thought. */
const SMALLER = 0.5;

/** An answer that is to be written. */
export interface Task {
  readonly live: LiveRoom;
  readonly runId: string;
  readonly messageId: string;
  /** Who asked, and pays. */
  readonly requesterId: string;
  /** The seq of the question. */
  readonly replyTo: number;
  /** The message to go on with, and what it says already. */
  readonly goesOn: { readonly seq: number; readonly text: string } | null;
  /** The newest entry that is there before the answer begins. */
  readonly after: number;
  readonly model: string;
  readonly answerTokens: number;
  /** What to send, in at most so many guessed tokens and never more than there is room for; null when it does not fit. */
  readonly prompt: (most: number) => Prompt | null;
  readonly reservation: Reservation;
  /** Their turn, now or later; given back when it has ended, before anybody is told. */
  readonly pass: Pass;
}

/** How an answer ended, for everybody. */
export interface Ended {
  readonly status: AiStatus;
  readonly code?: ErrorCode;
  /** The entry it became; none when there was nothing to say. */
  readonly seq?: number;
  readonly text: string;
}

/** What a run of the model came to. */
export interface Run {
  readonly end: AiEnd;
  readonly prompt: Prompt | null;
  readonly usage: AiUsage | null;
}

/**
 * Why it was ended: `stopped` and `interrupted` keep the text; `cancelled`, `block` (a check does not let it through) and
 * `unchecked` (it could not be checked) drop it.
 */
export type StopReason = 'stopped' | 'interrupted' | 'cancelled' | 'block' | 'unchecked';

/** One answer while it is being written: reads the model, and shows the room what came as numbered deltas. */
export class Generation implements Stream {
  /** Resolves when all is stored and told. */
  readonly done: Promise<Ended>;
  stopReason: StopReason | null = null;
  private resolveDone: (ended: Ended) => void;
  private readonly abort = new AbortController();
  private readonly answer: AnswerText;
  private readonly coalescer: Coalescer;
  /** The text as far as it has been shown. */
  private shown: string;
  private lastDelta = 0;
  private begun = false;
  private askedAt = 0;
  /** From asking the model to its first word; null before that. */
  firstTokenSeconds: number | null = null;

  constructor(
    readonly task: Task,
    private readonly provider: AiProvider,
    private readonly guard: AnswerGuard,
  ) {
    this.shown = task.goesOn?.text ?? '';
    this.answer = new AnswerText(this.shown);
    this.coalescer = new Coalescer(
      (text) => this.show(text),
      () => Math.max(WINDOW_MS, task.live.channel.window),
    );
    this.done = new Promise((resolve) => {
      this.resolveDone = resolve;
    });
  }

  get id(): string {
    return this.task.messageId;
  }

  get requesterId(): string {
    return this.task.requesterId;
  }

  get text(): string {
    return this.answer.value;
  }

  /** Whether this run has added anything to what was there. */
  get hasGrown(): boolean {
    return this.text.length > (this.task.goesOn?.text.length ?? 0);
  }

  /** Whether what there is may be shown and stored. */
  get keepsText(): boolean {
    return this.stopReason === null || this.stopReason === 'stopped' || this.stopReason === 'interrupted';
  }

  get deltas(): number {
    return this.lastDelta;
  }

  /** In a room of many people the line is only of interest to who asked. */
  get isShown(): boolean {
    return this.begun || this.task.live.room.kind === 'assistant';
  }

  snapshot(): ServerFrame {
    const { messageId: id, replyTo, pass } = this.task;
    if (!this.begun && pass.seat.place > 0) {
      return { event: 'ai.queued', data: { id, replyTo, place: pass.seat.place } };
    }
    const { lastDelta: n, shown: text } = this;
    return { event: 'ai.snapshot', data: { id, n, text, status: 'running', replyTo } };
  }

  /** Ends it, at the provider too. The first reason counts. */
  stop(reason: StopReason): void {
    this.stopReason ??= reason;
    this.abort.abort();
  }

  stopBy(viewer: Viewer): void {
    if (viewer.account?.id !== this.task.requesterId && !isStaff(viewer)) {
      throw new DomainError('auth.forbidden');
    }
    this.stop('stopped');
  }

  /** Waits for its turn, and tells who asked whenever that has come nearer. Resolves at once when it is ended. */
  async wait(): Promise<void> {
    const { live, pass } = this.task;
    const { seat } = pass;
    live.streams.add(this);
    if (seat.place === 0) {
      return;
    }
    seat.onMove = () => this.tellPlace();
    this.tellPlace();
    await Promise.race([seat.turn, this.aborted()]);
    seat.onMove = null;
  }

  /** Reads the model to its end; never throws. */
  async run(): Promise<Run> {
    const { messageId: id, replyTo, goesOn } = this.task;
    if (this.stopReason !== null) {
      return { end: { type: 'end', status: 'stopped' }, prompt: null, usage: null };
    }
    this.begun = true;
    this.askedAt = performance.now();
    const prompt = this.task.prompt(Infinity);
    this.relay(
      { event: 'ai.started', data: { id, replyTo, ...(prompt?.omitted && { omitted: prompt.omitted }) } },
      true,
    );
    if (goesOn) {
      this.relay(this.snapshot());
    }
    const run = await this.read(prompt);
    if (this.keepsText) {
      const judgement = await this.guard.whole(this.hasGrown ? this.text : '');
      // Also over somebody's wish to keep what there was.
      this.stopReason = judgement === 'allow' ? this.stopReason : judgement;
    }
    this.coalescer.flush();
    return run;
  }

  /** Tells the room how it ended, after the entry it became. */
  close(ended: Ended): void {
    const { live, messageId: id } = this.task;
    const { status, code, seq } = ended;
    live.streams.delete(this);
    this.task.pass.leave();
    this.relay(
      { event: 'ai.ended', data: { id, status, ...(code && { code }), ...(seq !== undefined && { seq }) } },
      true,
      seq,
    );
    this.resolveDone(ended);
  }

  private async read(prompt: Prompt | null, isFirst = true): Promise<Run> {
    let end: AiEnd = { type: 'end', status: 'failed', fault: 'context-too-long' };
    if (prompt) {
      const { model, answerTokens: maxTokens } = this.task;
      const request = { model, messages: prompt.messages, maxTokens };
      for await (const event of this.provider.stream(request, this.abort.signal)) {
        if (event.type === 'end') {
          end = event;
        } else {
          this.take(this.answer.push(event.text));
        }
      }
    }
    const isTooLong = prompt && end.fault === 'context-too-long' && !this.hasGrown;
    const smaller = isTooLong && isFirst ? this.task.prompt(prompt.guess * SMALLER) : null;
    return smaller ? this.read(smaller, false) : { end, prompt, usage: end.usage ?? null };
  }

  private take(text: string): void {
    this.firstTokenSeconds ??= (performance.now() - this.askedAt) / 1000;
    if (!this.guard.holds) {
      this.coalescer.add(text);
    }
    void this.guard.grown(this.text, (judgement) => this.stop(judgement));
  }

  private show(text: string): void {
    if (!this.keepsText) {
      return;
    }
    const { messageId: id } = this.task;
    this.shown += text;
    this.lastDelta++;
    this.relay({ event: 'ai.delta', data: { id, n: this.lastDelta, text } });
  }

  private tellPlace(): void {
    const { live, requesterId, pass } = this.task;
    if (pass.seat.place > 0) {
      live.sockets.sendPerson(requesterId, this.snapshot());
    }
  }

  private aborted(): Promise<void> {
    const { signal } = this.abort;
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
      if (signal.aborted) {
        resolve();
      }
    });
  }

  private relay(frame: ServerFrame, lasting = false, after = this.task.after): void {
    this.task.live.relay(frame, { after, lasting });
  }
}
