import { setTimeout as sleep } from 'node:timers/promises';

import { Inject, Injectable } from '@nestjs/common';

import type { AiStatus } from '../../protocol/frames.js';
import { DomainError } from '../../common/errors.js';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import type { Actor, Draft, Outcome } from '../../chat/log/draft.js';
import { LogWriter } from '../../chat/log/log.writer.js';

const TRIES = 5;
const PAUSE_MS = 500;

/** An answer as it is to stand in the log. */
export interface Answer {
  readonly roomId: number;
  /** Names the run: the same run stores once, however often it is tried. */
  readonly runId: string;
  readonly messageId: string;
  readonly replyTo: number;
  /** The message that is changed by it; null: a new one. */
  readonly target: number | null;
  readonly text: string;
  readonly status: AiStatus;
}

/** The AI's way into the log. */
@Injectable()
export class AnswerLog {
  readonly actor: Actor;

  constructor(
    @Inject(APP_CONFIG) config: AppConfig,
    private readonly log: LogWriter,
  ) {
    this.actor = { id: 'ai', nickname: config.aiName, role: 'ai' };
  }

  /** Stores an answer; a busy disk is given some time. Answers its seq. Throws what the log refuses it with. */
  async store(answer: Answer): Promise<number> {
    const outcome = await this.appendPatiently(this.draftOf(answer));
    if (outcome.status === 'refused') {
      throw new DomainError(outcome.code);
    }
    if (outcome.status === 'held' || outcome.status === 'settled') {
      throw new Error('Nobody reviews what the AI says.');
    }
    return outcome.status === 'dup' ? outcome.seq : outcome.entry.seq;
  }

  private draftOf({ roomId, runId, messageId, replyTo, target, text, status }: Answer): Draft {
    const base = { roomId, actor: this.actor, nonce: runId, text, ai: { status } };
    return target === null
      ? { type: 'post', kind: 'ai', id: messageId, replyTo, ...base }
      : { type: 'change', id: runId, target, ...base };
  }

  private async appendPatiently(draft: Draft): Promise<Outcome> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.log.append(draft);
      } catch (error) {
        if (tries === TRIES) {
          throw error;
        }
        await sleep(PAUSE_MS * tries);
      }
    }
  }
}
