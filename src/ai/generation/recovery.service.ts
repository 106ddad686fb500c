import { randomUUID } from 'node:crypto';

import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import type { ErrorCode } from '../../protocol/error-codes.js';
import type { ServerFrame } from '../../protocol/frames.js';
import { Clock } from '../../common/clock.js';
import { domainErrorOf } from '../../common/error-answer.js';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import { estimateText } from '../budget/estimate.js';
import { TokenBudget } from '../budget/token.budget.js';
import { EntriesRepository } from '../../chat/messages/entries.repository.js';
import { LiveRooms } from '../../chat/rooms/live-rooms.js';
import { ModerationService } from '../moderation/moderation.service.js';
import { AiSettings } from '../settings/ai.settings.js';
import { AnswerLog } from './answer.log.js';
import type { AiGeneration } from './generation.entity.js';
import { GenerationsRepository, type GenerationEnd } from './generations.repository.js';
import { HeartbeatWatch } from './heartbeat.watch.js';

const LOOK_MS = 2000;

type EndedData = Extract<ServerFrame, { event: 'ai.ended' }>['data'];

/**
 * After a crash: answers that were being written are posted with the text they had, marked `interrupted`, and what was
 * set aside for them is settled. A server that has its file for itself does all of it before it listens; where nodes
 * share a database, those that live watch over the answers of those that do not, and need about ten seconds.
 */
@Injectable()
export class RecoveryService implements OnApplicationBootstrap {
  private readonly log = new Logger('Ai');

  private readonly watch = new HeartbeatWatch<AiGeneration>();
  private looking = false;

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly settings: AiSettings,
    private readonly repository: GenerationsRepository,
    private readonly entries: EntriesRepository,
    private readonly answers: AnswerLog,
    private readonly rooms: LiveRooms,
    private readonly budget: TokenBudget,
    private readonly clock: Clock,
    private readonly moderation: ModerationService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.isShared) {
      await this.recoverAll(await this.repository.open());
    }
  }

  @Interval(LOOK_MS)
  async look(): Promise<void> {
    if (!this.isShared || this.looking) {
      return;
    }
    this.looking = true;
    try {
      await this.recoverAll(this.watch.look(await this.repository.open(), performance.now()));
    } catch (error) {
      this.watch.forget();
      this.log.warn({ msg: 'answers of other nodes could not be looked at', error: String(error) });
    } finally {
      this.looking = false;
    }
  }

  private get isShared(): boolean {
    return this.config.database.type === 'postgres';
  }

  private async recoverAll(rows: readonly AiGeneration[]): Promise<void> {
    for (const row of rows) {
      await (row.status === 'queued' ? this.forgo(row) : this.recover(row));
    }
  }

  /** It never began: what was set aside is given back, and if its question was stored, it has failed. */
  private async forgo(row: AiGeneration): Promise<void> {
    const { id, roomId, nonce, day, requesterId, reserved } = row;
    const question =
      row.replyTo === 0 && nonce !== null ? await this.entries.findByNonce(roomId, requesterId, nonce) : null;
    const replyTo = question?.seq ?? row.replyTo;
    const messageId = row.messageId || randomUUID();
    const code = 'server.draining';
    const isMine =
      replyTo === 0
        ? await this.repository.discard(id)
        : await this.repository.finish(id, { ...this.endOf(row), messageId, replyTo, code });
    if (isMine) {
      await this.budget.settle({ day, payer: requesterId, reserved }, 0);
      if (replyTo !== 0) {
        await this.tell(roomId, { id: messageId, status: 'failed', code });
      }
    }
    this.log.log({ msg: 'a question was not answered', generation: id });
  }

  private async recover(row: AiGeneration): Promise<void> {
    const { id, roomId, messageId, replyTo, target, text, day, requesterId, reserved } = row;
    let seq: number | null = null;
    let code: ErrorCode | null = null;
    try {
      const answer = { roomId, runId: id, messageId, replyTo, target, text, status: 'interrupted' } as const;
      // What a crash has cut off has not been checked.
      const judgement = await this.moderation.guard().whole(text);
      seq = text === '' || judgement !== 'allow' ? null : await this.answers.store(answer);
    } catch (error) {
      // A room that was closed or removed meanwhile takes no more answers.
      ({ code } = domainErrorOf(error));
    }
    const status = seq === null ? 'failed' : 'interrupted';
    if (await this.repository.finish(id, { ...this.endOf(row), status, code, seq })) {
      const prompt = Math.max(0, reserved - this.settings.now.answerTokens);
      await this.budget.settle({ day, payer: requesterId, reserved }, prompt + estimateText(text));
      await this.tell(roomId, { id: messageId, status, ...(code && { code }), ...(seq !== null && { seq }) });
    }
    this.log.log({ msg: 'an answer was interrupted', generation: id, status });
  }

  /** Who saw it being written is told that it has ended, as its own node cannot. */
  private async tell(roomId: number, data: EndedData): Promise<void> {
    if (this.isShared) {
      try {
        const live = await this.rooms.open(roomId);
        live.relay({ event: 'ai.ended', data }, { after: data.seq ?? 0, lasting: true });
      } catch (error) {
        // A room that is no more has nobody to tell.
        this.log.debug(error);
      }
    }
  }

  private endOf({ messageId, replyTo, deltas }: AiGeneration): GenerationEnd {
    return {
      messageId,
      replyTo,
      status: 'failed',
      code: null,
      seq: null,
      deltas,
      promptTokens: null,
      completionTokens: null,
      endedAt: this.clock.now(),
    };
  }
}
