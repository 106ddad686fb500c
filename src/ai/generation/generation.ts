import type { ErrorCode } from '../../protocol/error-codes.js';
import type { AiStatus, ServerFrame } from '../../protocol/frames.js';
import { DomainError } from '../../common/errors.js';
import { isStaff, type Viewer } from '../../common/viewer.js';
import type { LiveRoom, Stream } from '../../chat/live-room.js';
import type { Reservation } from '../budget/token.budget.js';
import type { Prompt } from '../prompt/prompt.js';
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
  /** Called when it has ended, before anybody is told. */
  readonly release: () => void;
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

/** Why somebody ended it: `stopped` and `interrupted` keep the text, `cancelled` drops it. */
export type StopReason = 'stopped' | 'interrupted' | 'cancelled';

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

  constructor(
    readonly task: Task,
    private readonly provider: AiProvider,
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

  get text(): string {
    return this.answer.value;
  }

  /** Whether this run has added anything to what was there. */
  get hasGrown(): boolean {
    return this.text.length > (this.task.goesOn?.text.length ?? 0);
  }

  get deltas(): number {
    return this.lastDelta;
  }

  snapshot(): ServerFrame {
    const { messageId: id } = this.task;
    return { event: 'ai.snapshot', data: { id, n: this.lastDelta, text: this.shown, status: 'running' } };
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

  /** Reads the model to its end; never throws. */
  async run(): Promise<Run> {
    const { live, messageId: id, replyTo, goesOn } = this.task;
    const prompt = this.task.prompt(Infinity);
    live.streams.add(this);
    this.relay(
      { event: 'ai.started', data: { id, replyTo, ...(prompt?.omitted && { omitted: prompt.omitted }) } },
      true,
    );
    if (goesOn) {
      this.relay(this.snapshot());
    }
    const run = await this.read(prompt);
    this.coalescer.flush();
    return run;
  }

  /** Tells the room how it ended, after the entry it became. */
  close(ended: Ended): void {
    const { live, messageId: id } = this.task;
    const { status, code, seq } = ended;
    live.streams.delete(this);
    this.task.release();
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
          this.coalescer.add(this.answer.push(event.text));
        }
      }
    }
    const isTooLong = prompt && end.fault === 'context-too-long' && !this.hasGrown;
    const smaller = isTooLong && isFirst ? this.task.prompt(prompt.guess * SMALLER) : null;
    return smaller ? this.read(smaller, false) : { end, prompt, usage: end.usage ?? null };
  }

  private show(text: string): void {
    const { messageId: id } = this.task;
    this.shown += text;
    this.lastDelta++;
    this.relay({ event: 'ai.delta', data: { id, n: this.lastDelta, text } });
  }

  private relay(frame: ServerFrame, lasting = false, after = this.task.after): void {
    this.task.live.channel.relay(JSON.stringify(frame), { after, lasting });
  }
}
