import { randomUUID } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';

import type { ServerFrame } from '../../protocol/frames.js';
import { DomainError } from '../../common/errors.js';
import type { Account, Viewer } from '../../common/viewer.js';
import { EntriesRepository } from '../../chat/messages/entries.repository.js';
import type { LiveRoom } from '../../chat/rooms/live-room.js';
import { LiveRooms } from '../../chat/rooms/live-rooms.js';
import { refusalOf, type Draft, type Outcome, type PostDraft } from '../../chat/log/draft.js';
import { LogWriter } from '../../chat/log/log.writer.js';
import { presentStored, type Stored } from '../../chat/messages/messages.service.js';
import { AI_LIMITS, type AiLimits } from '../ai.limits.js';
import { Turnstile } from '../budget/turnstile.js';
import { AnswerLog } from '../generation/answer.log.js';
import { AnsweringService, type Asking } from '../generation/answering.service.js';
import { stateOf } from '../generation/generation.entity.js';
import { GenerationsRepository } from '../generation/generations.repository.js';
import { GenerationsService } from '../generation/generations.service.js';
import { continuationPrompt, homePrompt } from '../prompt/home.prompt.js';
import { turnsIn } from '../prompt/past.js';
import type { Turn } from '../prompt/turns.js';
import { AiSettings } from '../settings/ai.settings.js';
import { PersonasService } from '../settings/personas.service.js';
import { titleFrom } from './conversation.title.js';
import { questionText } from './question.text.js';

export interface Question {
  readonly text: string;
  readonly nonce: string;
  /** The seq of one's own question that this one takes the place of. */
  readonly replaces?: number | undefined;
}

/** A person's conversation with the AI: questions, and what can be done with the answers. */
@Injectable()
export class AssistantService {
  /** Questions on their way into the log, by room, person and nonce. */
  private readonly arriving = new Map<string, Promise<Stored>>();

  constructor(
    @Inject(AI_LIMITS) private readonly limits: AiLimits,
    private readonly answering: AnsweringService,
    private readonly generations: GenerationsService,
    private readonly runs: GenerationsRepository,
    private readonly entries: EntriesRepository,
    private readonly log: LogWriter,
    private readonly liveRooms: LiveRooms,
    private readonly turnstile: Turnstile,
    private readonly answers: AnswerLog,
    private readonly settings: AiSettings,
    private readonly personas: PersonasService,
  ) {}

  /**
   * Stores a question and lets it be answered. A retry with the same nonce gets the first answer and costs nothing. A
   * refusal stores nothing: `ai.off`, `text.blocked`, `ai.too-long`, `ai.busy`, `ai.quota`, `rate.limited`, `not-found`.
   */
  async ask(viewer: Viewer, live: LiveRoom, question: Question): Promise<Stored> {
    const account = accountOf(viewer);
    const key = [live.room.id, account.id, question.nonce].join(' ');
    const arriving = this.arriving.get(key);
    if (arriving) {
      return { ...(await arriving), dup: true };
    }
    const asking = this.accept(account, live, question).finally(() => this.arriving.delete(key));
    this.arriving.set(key, asking);
    return asking;
  }

  /** Ends an answer that is being written; one that has ended stays as it is. Throws `not-found`. */
  async stop(live: LiveRoom, id: string): Promise<void> {
    // What is seen being written is asked first: in its first second its run is not stored under this name yet.
    const writing = this.generations.find(live.room.id, id) ?? live.streams.find(id);
    if (writing) {
      writing.stop('stopped');
      return;
    }
    if (!(await this.runs.ofMessage(live.room.id, id))) {
      throw new DomainError('not-found');
    }
    live.streams.stopElsewhere(id);
  }

  /** Removes an answer, and what came after it, and has its question answered anew. Also for one that failed. */
  async regenerate(viewer: Viewer, live: LiveRoom, id: string): Promise<void> {
    const account = accountOf(viewer);
    this.answering.requireReady();
    const earlier = await this.runs.ofMessage(live.room.id, id);
    const turns = await turnsIn(live);
    const question = turns.find(({ seq, from }) => seq === earlier?.replyTo && from === 'person');
    if (!question) {
      throw new DomainError('not-found');
    }
    const upTo = turns.filter(({ seq }) => seq <= question.seq);
    const personas = await this.personas.of(null);
    await this.begin(account, live, {
      prompt: (limit) => homePrompt(upTo, limit, personas),
      store: async () => {
        await this.append(this.removals(account, live, turns.slice(upTo.length)));
        return { messageId: randomUUID(), replyTo: question.seq, goesOn: null, after: live.channel.head };
      },
    });
  }

  /** Goes on with an answer that did not come to its end. */
  async continue(viewer: Viewer, live: LiveRoom, id: string): Promise<void> {
    const account = accountOf(viewer);
    this.answering.requireReady();
    const turns = await turnsIn(live);
    const answer = turns.find((turn) => turn.id === id && turn.from === 'ai');
    if (!answer) {
      throw new DomainError(this.generations.find(live.room.id, id) ? 'ai.busy' : 'not-found');
    }
    if (answer.status === 'complete' || answer.status === 'filtered') {
      throw new DomainError('frame.invalid', { fields: { id: 'field.invalid' } });
    }
    const upTo = turns.filter(({ seq }) => seq <= answer.seq);
    const { seq, text, replyTo } = answer;
    const personas = await this.personas.of(null);
    await this.begin(account, live, {
      prompt: (limit) => continuationPrompt(upTo, limit, personas),
      store: async () => ({
        messageId: id,
        replyTo: replyTo ?? seq,
        goesOn: { seq, text },
        after: live.channel.head,
      }),
    });
  }

  /** All there is of an answer now, or how it ended. Throws `not-found`. */
  async snapshot(live: LiveRoom, id: string): Promise<ServerFrame> {
    const stream = live.streams.find(id);
    if (stream) {
      return stream.snapshot();
    }
    const run = await this.runs.ofMessage(live.room.id, id);
    if (!run) {
      throw new DomainError('not-found');
    }
    const turn = (await turnsIn(live)).find((turn) => turn.id === id);
    return {
      event: 'ai.snapshot',
      data: { id, n: run.deltas, text: turn?.text ?? '', status: stateOf(run) },
    };
  }

  private async accept(account: Account, live: LiveRoom, question: Question): Promise<Stored> {
    const { nonce, replaces } = question;
    const stored = await this.entries.findByNonce(live.room.id, account.id, nonce);
    if (stored) {
      return { ...presentStored(stored), dup: true };
    }
    this.answering.requireReady();
    const text = questionText(question.text, this.limits.questionLength);
    const turns = await turnsIn(live);
    const before = turns.filter(({ seq }) => replaces === undefined || seq < replaces);
    if (replaces !== undefined && turns[before.length]?.authorId !== account.id) {
      throw new DomainError('not-found');
    }
    let result: Stored | undefined;
    const personas = await this.personas.of(null);
    await this.begin(account, live, {
      question: text,
      nonce,
      prompt: (limit) => homePrompt([...before, { from: 'person', text }], limit, personas),
      store: async () => {
        // Called in one turn of the loop, so that in the log they follow one another.
        const removing = this.append(this.removals(account, live, turns.slice(before.length)));
        const draft = questionDraft(account, live, { text, nonce });
        const posting = this.log.append(draft);
        const [, outcome] = await Promise.all([removing, posting]);
        result = storedOf(outcome);
        if (result.dup) {
          return null;
        }
        if (draft.entitles !== undefined) {
          this.liveRooms.keepTitle(live.room.id, draft.entitles);
        }
        return { messageId: randomUUID(), replyTo: result.seq, goesOn: null, after: result.seq };
      },
    });
    return result!;
  }

  private async begin(
    { id }: Account,
    live: LiveRoom,
    asking: Pick<Asking, 'question' | 'nonce' | 'prompt' | 'store'>,
  ): Promise<void> {
    const { answerTokens } = this.settings.now;
    const pass = await this.turnstile.enter(id, 'home');
    await this.answering.begin({ live, requesterId: id, answerTokens, pass, ...asking });
  }

  /** Removes messages, each in the name of who wrote it. */
  private removals({ id, nickname, role }: Account, live: LiveRoom, turns: readonly Turn[]): Draft[] {
    return turns.map(({ seq, from }) => ({
      type: 'remove',
      roomId: live.room.id,
      id: randomUUID(),
      nonce: null,
      target: seq,
      reason: null,
      actor: from === 'ai' ? this.answers.actor : { id, nickname, role },
    }));
  }

  private async append(drafts: readonly Draft[]): Promise<void> {
    const outcomes = await Promise.all(drafts.map((draft) => this.log.append(draft)));
    outcomes.forEach(storedOf);
  }
}

function accountOf({ account }: Viewer): Account {
  if (!account) {
    throw new DomainError('auth.required');
  }
  return account;
}

function questionDraft(
  { id, nickname, role }: Account,
  live: LiveRoom,
  { text, nonce }: Pick<Question, 'text' | 'nonce'>,
): PostDraft {
  const actor = { id, nickname, role };
  return {
    type: 'post',
    kind: 'chat',
    roomId: live.room.id,
    id: randomUUID(),
    actor,
    nonce,
    text,
    replyTo: null,
    ...(live.room.title === '' && { entitles: titleFrom(text) }),
  };
}

function storedOf(outcome: Outcome): Stored {
  switch (outcome.status) {
    case 'stored':
      return presentStored(outcome.entry);
    case 'dup':
      return { ...presentStored(outcome), dup: true };
    case 'refused':
      throw refusalOf(outcome);
    case 'held':
    case 'settled':
      throw new Error('Nothing is reviewed in a conversation.');
  }
}
