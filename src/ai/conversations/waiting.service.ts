import { createHash, randomUUID } from 'node:crypto';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';

import { ERROR_STATUS, type ErrorCode } from '../../protocol/error-codes.js';
import type { AiStatus } from '../../protocol/frames.js';
import { DomainError } from '../../common/errors.js';
import type { Viewer } from '../../common/viewer.js';
import type { LiveRoom } from '../../chat/rooms/live-room.js';
import { LiveRooms } from '../../chat/rooms/live-rooms.js';
import { RoomsService } from '../../chat/rooms/rooms.service.js';
import { stateOf } from '../generation/generation.entity.js';
import { GenerationsRepository } from '../generation/generations.repository.js';
import { GenerationsService } from '../generation/generations.service.js';
import { turnsIn } from '../prompt/past.js';
import { AssistantService } from './assistant.service.js';

/** Shorter than proxies and browsers wait. */
const PATIENCE_MS = 25_000;

export interface Reply {
  readonly id: string;
  readonly seq?: number;
  readonly status: AiStatus | 'running';
  readonly text: string;
}

/** A question asked by a request that waits for the answer. */
@Injectable()
export class WaitingService {
  constructor(
    private readonly rooms: RoomsService,
    private readonly live: LiveRooms,
    private readonly assistant: AssistantService,
    private readonly generations: GenerationsService,
    private readonly runs: GenerationsRepository,
  ) {}

  /**
   * Asks, and waits up to 25 s; then `status` is `running`, and the answer goes on by itself. The same nonce is the same
   * question, and without a conversation the same new conversation. Throws what `ask` throws, and why there is no text.
   */
  async ask(
    viewer: Viewer,
    {
      message,
      conversation,
      nonce,
    }: { message: string; conversation?: string | undefined; nonce?: string | undefined },
    patienceMs = PATIENCE_MS,
  ): Promise<{ conversation: string; reply: Reply }> {
    const id = conversation ?? (nonce ? conversationOf(viewer, nonce) : randomUUID());
    const room = await this.rooms.conversation(viewer, id);
    const live = await this.live.open(room.id);
    const { seq } = await this.assistant.ask(viewer, live, { text: message, nonce: nonce ?? randomUUID() });
    // The run begins in the next turn of the loop.
    await setImmediate();
    await setImmediate();
    return { conversation: room.slug, reply: await this.replyTo(live, seq, patienceMs) };
  }

  private async replyTo(live: LiveRoom, seq: number, patienceMs: number): Promise<Reply> {
    const generation = this.generations.inRoom(live.room.id).find(({ task }) => task.replyTo === seq);
    if (!generation) {
      return this.pastReplyTo(live, seq);
    }
    const patience = new AbortController();
    const tired = sleep(patienceMs, null, { signal: patience.signal }).catch(() => null);
    const ended = await Promise.race([generation.done, tired]);
    patience.abort();
    const id = generation.task.messageId;
    return ended ? replyOf({ id, ...ended }) : { id, status: 'running', text: generation.text };
  }

  private async pastReplyTo(live: LiveRoom, question: number): Promise<Reply> {
    const run = await this.runs.ofQuestion(live.room.id, question);
    if (!run) {
      throw new DomainError('ai.provider');
    }
    const turn = (await turnsIn(live)).find(({ id }) => id === run.messageId);
    return replyOf({
      id: run.messageId,
      status: turn?.status ?? stateOf(run),
      text: turn?.text ?? '',
      ...(turn && { seq: turn.seq }),
      ...(isErrorCode(run.code) && { code: run.code }),
    });
  }
}

function replyOf({ id, seq, status, text, code }: Reply & { code?: ErrorCode }): Reply {
  if (seq === undefined && status !== 'running') {
    throw new DomainError(code ?? 'ai.provider');
  }
  return { id, ...(seq !== undefined && { seq }), status, text };
}

function isErrorCode(code: string | null): code is ErrorCode {
  return code !== null && Object.hasOwn(ERROR_STATUS, code);
}

/** The same person and nonce make the same conversation: a form that is sent twice asks once. */
function conversationOf({ account }: Viewer, nonce: string): string {
  const hex = createHash('sha256').update(`${account?.id}\n${nonce}`).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
