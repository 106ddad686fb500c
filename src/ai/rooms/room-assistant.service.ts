import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';

import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import { Clock } from '../../common/clock.js';
import { domainErrorOf } from '../../common/error-answer.js';
import { DomainError } from '../../common/errors.js';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import type { ClearData, LeaveData, SanctionData } from '../../chat/log/entry.draft.js';
import type { Entry } from '../../chat/messages/entry.entity.js';
import type { LiveRoom } from '../../chat/rooms/live-room.js';
import { LiveRooms } from '../../chat/rooms/live-rooms.js';
import { AI_LIMITS, type AiLimits } from '../ai.limits.js';
import { SharedWindows, type SharedWindow } from '../../realtime/cluster/shared.window.js';
import { Turnstile } from '../budget/turnstile.js';
import { AnsweringService } from '../generation/answering.service.js';
import { GenerationsService } from '../generation/generations.service.js';
import { turnsIn } from '../prompt/past.js';
import { roomPrompt } from '../prompt/room.prompt.js';
import { AiSettings } from '../settings/ai.settings.js';
import { PersonasService } from '../settings/personas.service.js';
import { Breaker } from './breaker.js';
import { mentionsAi } from './mention.js';

/** How far back the model is told of a room. */
const ENTRIES = 60;
/** No more of it than this, in guessed tokens: a room asks often. */
const MOST_TOKENS = 4000;

/** Who is hidden is asked for so much patience. */
const HIDDEN_RETRY_MS = 30_000;

/** A question, by its place and who asked. */
interface Asked {
  readonly seq: number;
  readonly authorId: string;
}

/** A question whose answer has not begun. */
interface Pending extends Asked {
  readonly roomId: number;
  /** It, or who asked it, is gone: nothing is to be answered. */
  withdrawn: boolean;
}

/**
 * Answers in rooms: a person's new message that speaks to the AI is answered once, for everybody to see. It listens to
 * what is committed, so that what counts is what is in the log: edits, retries and its own words are not.
 */
@Injectable()
export class RoomAssistant implements OnModuleInit {
  private readonly log = new Logger('Ai');
  private readonly answers: SharedWindow;
  private readonly breaker: Breaker;
  private readonly pending = new Set<Pending>();

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    @Inject(AI_LIMITS) limits: AiLimits,
    private readonly settings: AiSettings,
    private readonly personas: PersonasService,
    private readonly rooms: LiveRooms,
    private readonly answering: AnsweringService,
    private readonly generations: GenerationsService,
    private readonly turnstile: Turnstile,
    windows: SharedWindows,
    clock: Clock,
  ) {
    const now = () => clock.now();
    this.answers = windows.make('answers', () => settings.now.roomAnswers, limits.roomAnswersWindowMs);
    this.breaker = new Breaker(now);
  }

  /** Whether nothing is answered for a while, since the provider has failed too often. */
  get isGivenUp(): boolean {
    return this.breaker.wait > 0;
  }

  onModuleInit(): void {
    // A question is answered by the node that took it; it is withdrawn on whatever node.
    this.rooms.observe((entries) => entries.forEach((entry) => this.observe(entry)));
    this.rooms.follow((entry) => this.follow(entry));
  }

  @Interval(60_000)
  forget(): void {
    this.answers.sweep();
  }

  private observe(entry: Entry): void {
    if (entry.event === 'message.posted' && this.isQuestion(entry)) {
      this.answer(entry).catch((error: unknown) => this.log.error(error));
    } else if (entry.event === 'user.sanctioned') {
      this.leaveHome(JSON.parse(entry.data!));
    }
  }

  private follow({ event, roomId, target, data }: Entry): void {
    if (event === 'message.removed') {
      this.withdraw(roomId, ({ seq }) => seq === target);
    } else if (event === 'room.cleared') {
      const { upTo }: ClearData = JSON.parse(data!);
      this.withdraw(roomId, ({ seq }) => seq <= upTo);
    } else if (event === 'room.changed' && JSON.parse(data!).archived === true) {
      this.withdraw(roomId, () => true);
    } else if (event === 'user.deleted') {
      const { user }: LeaveData = JSON.parse(data!);
      this.withdraw(roomId, ({ authorId }) => authorId === user.id);
    } else if (event === 'user.sanctioned') {
      this.followSanction(roomId, JSON.parse(data!));
    }
  }

  /** Who is banned is answered no more, and what was removed with a time-out was the question. */
  private followSanction(roomId: number, sanction: SanctionData): void {
    const { user, action, removed = false } = sanction;
    if (action === 'ban' || removed) {
      this.withdraw(roomId, ({ authorId }) => authorId === user.id);
    }
    this.leaveHome(sanction);
  }

  /** Who is banned from the whole server is answered at home no more either; what there is stays theirs. */
  private leaveHome({ user, action, scope }: SanctionData): void {
    if (action === 'ban' && scope === 'server') {
      this.generations.all
        .filter(({ requesterId, task }) => requesterId === user.id && task.live.room.kind === 'assistant')
        .forEach((generation) => generation.stop('stopped'));
    }
  }

  private isQuestion({ kind, authorId, authorRole, text }: Entry): boolean {
    const isPerson = authorId !== null && authorRole !== 'ai' && (kind === 'chat' || kind === 'admin');
    return isPerson && text !== null && mentionsAi(text, this.config.aiName);
  }

  private async answer(entry: Entry): Promise<void> {
    const live = await this.rooms.open(entry.roomId);
    // At home every question is answered anyway.
    if (live.room.kind === 'assistant') {
      return;
    }
    const { roomId, seq } = entry;
    const question: Pending = { roomId, seq, authorId: entry.authorId!, withdrawn: false };
    this.pending.add(question);
    try {
      if (entry.authorRole === 'guest') {
        throw new DomainError('auth.required');
      }
      if (entry.audience !== null) {
        this.pretendBusy();
      }
      await this.begin(live, question);
      // It begins in the next turn of the loop.
      await setImmediate();
      await setImmediate();
      if (question.withdrawn) {
        this.withdraw(roomId, (asked) => asked.seq === seq);
      }
    } catch (error) {
      this.tell(live, entry, domainErrorOf(error));
    } finally {
      this.pending.delete(question);
    }
  }

  /** An answer would show everybody that there was a question; so who asked is told what others are told, too. */
  private pretendBusy(): never {
    this.answering.requireReady();
    throw new DomainError('ai.busy', { retryAfterMs: HIDDEN_RETRY_MS });
  }

  private async begin(live: LiveRoom, asked: Pending): Promise<void> {
    const { roomId, seq, authorId: requesterId } = asked;
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
    const self = { name: this.config.aiName, personas: await this.personas.of(roomId) };
    const pass = await this.turnstile.enter(requesterId, 'room');
    const wait = await this.answers.take(String(roomId));
    if (wait > 0) {
      pass.refund();
      throw new DomainError('rate.limited', { retryAfterMs: wait });
    }
    await this.answering.begin({
      live,
      requesterId,
      pass,
      answerTokens: this.settings.now.roomAnswerTokens,
      question: question.text,
      prompt: (limit) => roomPrompt(self, turns.slice(0, -1), question, Math.min(limit, MOST_TOKENS)),
      store: async () =>
        asked.withdrawn ? null : { messageId: randomUUID(), replyTo: seq, goesOn: null, after: seq },
      onEnd: ({ code }) => this.breaker.record(code === 'ai.provider'),
    });
  }

  /** The question or who asked it is gone, or the room is closed: what is being written about it is dropped. */
  private withdraw(roomId: number, isMeant: (asked: Asked) => boolean): void {
    for (const generation of this.generations.inRoom(roomId)) {
      const { live, replyTo, requesterId } = generation.task;
      if (live.room.kind !== 'assistant' && isMeant({ seq: replyTo, authorId: requesterId })) {
        generation.stop('cancelled');
      }
    }
    for (const question of this.pending) {
      question.withdrawn ||= question.roomId === roomId && isMeant(question);
    }
  }

  /** A refusal is for whoever asked, and for nobody else. */
  private tell(live: LiveRoom, { authorId, seq }: Entry, refusal: DomainError): void {
    if (refusal.code === 'internal') {
      this.log.error(refusal.cause ?? refusal);
    }
    if (authorId !== null) {
      live.sockets.of(authorId).forEach((socket) => socket.refuse(refusal, { replyTo: seq }));
    }
  }
}
