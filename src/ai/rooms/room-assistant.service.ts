import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';

import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import { Clock } from '../../common/clock.js';
import { domainErrorOf } from '../../common/error-answer.js';
import { DomainError } from '../../common/errors.js';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import type { Entry } from '../../chat/entry.entity.js';
import type { LiveRoom } from '../../chat/live-room.js';
import { LiveRooms } from '../../chat/live-rooms.js';
import { AI_LIMITS, type AiLimits } from '../ai.limits.js';
import { SlidingWindow } from '../budget/sliding.window.js';
import { Turnstile } from '../budget/turnstile.js';
import { AnsweringService } from '../generation/answering.service.js';
import { GenerationsService } from '../generation/generations.service.js';
import { turnsIn } from '../prompt/past.js';
import { roomPrompt } from '../prompt/room.prompt.js';
import { Breaker } from './breaker.js';
import { mentionsAi } from './mention.js';

/** How far back the model is told of a room. */
const ENTRIES = 60;
/** No more of it than this, in guessed tokens: a room asks often. */
const MOST_TOKENS = 4000;

/**
 * Answers in rooms: a person's new message that speaks to the AI is answered once, for everybody to see. It listens to
 * what is committed, so that what counts is what is in the log: edits, retries and its own words are not.
 */
@Injectable()
export class RoomAssistant implements OnModuleInit {
  private readonly log = new Logger('Ai');
  private readonly answers: SlidingWindow;
  private readonly breaker: Breaker;
  /** Questions whose answer has not begun; true: they were withdrawn meanwhile. */
  private readonly pending = new Map<string, boolean>();

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    @Inject(AI_LIMITS) private readonly limits: AiLimits,
    private readonly rooms: LiveRooms,
    private readonly answering: AnsweringService,
    private readonly generations: GenerationsService,
    private readonly turnstile: Turnstile,
    clock: Clock,
  ) {
    const now = () => clock.now();
    this.answers = new SlidingWindow(limits.roomAnswers, limits.roomAnswersWindowMs, now);
    this.breaker = new Breaker(now);
  }

  onModuleInit(): void {
    this.rooms.observe((entries) => entries.forEach((entry) => this.observe(entry)));
  }

  @Interval(60_000)
  forget(): void {
    this.answers.sweep();
  }

  private observe(entry: Entry): void {
    if (entry.event === 'message.posted' && this.isQuestion(entry)) {
      this.answer(entry).catch((error: unknown) => this.log.error(error));
    } else if (entry.event === 'message.removed') {
      this.withdraw(entry.roomId, (seq) => seq === entry.target);
    } else if (entry.event === 'room.changed' && JSON.parse(entry.data!).archived === true) {
      this.withdraw(entry.roomId, () => true);
    }
  }

  private isQuestion({ kind, authorId, authorRole, text, audience }: Entry): boolean {
    const isPerson = authorId !== null && authorRole !== 'ai' && (kind === 'chat' || kind === 'admin');
    return isPerson && audience === null && text !== null && mentionsAi(text, this.config.aiName);
  }

  private async answer(entry: Entry): Promise<void> {
    const live = await this.rooms.open(entry.roomId);
    // At home every question is answered anyway.
    if (live.room.kind === 'assistant') {
      return;
    }
    const key = keyOf(entry.roomId, entry.seq);
    this.pending.set(key, false);
    try {
      await this.begin(live, entry);
      // It begins in the next turn of the loop.
      await setImmediate();
      await setImmediate();
      if (this.pending.get(key)) {
        this.withdraw(entry.roomId, (seq) => seq === entry.seq);
      }
    } catch (error) {
      this.tell(live, entry, domainErrorOf(error));
    } finally {
      this.pending.delete(key);
    }
  }

  private async begin(live: LiveRoom, { roomId, seq, authorId }: Entry): Promise<void> {
    const requesterId = authorId!;
    this.answering.requireReady();
    if (this.breaker.wait > 0) {
      throw new DomainError('ai.busy', { retryAfterMs: this.breaker.wait });
    }
    const turns = (await turnsIn(live, ENTRIES)).filter((turn) => turn.seq <= seq);
    const question = turns.at(-1);
    if (question?.seq !== seq) {
      // Removed already.
      return;
    }
    const pass = this.turnstile.enter(requesterId, 'room');
    const wait = this.answers.take(String(roomId));
    if (wait > 0) {
      pass.refund();
      throw new DomainError('rate.limited', { retryAfterMs: wait });
    }
    const { aiName } = this.config;
    await this.answering.begin({
      live,
      requesterId,
      pass,
      answerTokens: this.limits.roomAnswerTokens,
      prompt: (limit) => roomPrompt(aiName, turns.slice(0, -1), question, Math.min(limit, MOST_TOKENS)),
      store: async () =>
        this.pending.get(keyOf(roomId, seq))
          ? null
          : { messageId: randomUUID(), replyTo: seq, goesOn: null, after: seq },
      onEnd: ({ code }) => this.breaker.record(code === 'ai.provider'),
    });
  }

  /** The question is gone, or its room is closed: what is being written about it is dropped. */
  private withdraw(roomId: number, isMeant: (seq: number) => boolean): void {
    for (const generation of this.generations.inRoom(roomId)) {
      const { live, replyTo } = generation.task;
      if (live.room.kind !== 'assistant' && isMeant(replyTo)) {
        generation.stop('cancelled');
      }
    }
    for (const key of this.pending.keys()) {
      const [room, seq] = key.split(' ').map(Number);
      if (room === roomId && isMeant(seq!)) {
        this.pending.set(key, true);
      }
    }
  }

  /** A refusal is for whoever asked, and for nobody else. */
  private tell(live: LiveRoom, { authorId, seq }: Entry, refusal: DomainError): void {
    if (refusal.code === 'internal') {
      this.log.error(refusal.cause ?? refusal);
    }
    for (const socket of live.sockets) {
      if (socket.viewer.account?.id === authorId) {
        socket.refuse(refusal, { replyTo: seq });
      }
    }
  }
}

const keyOf = (roomId: number, seq: number) => `${roomId} ${seq}`;
