import { setTimeout as sleep } from 'node:timers/promises';

import { Logger } from '@nestjs/common';
import OpenAI, { APIError } from 'openai';
import { Stream } from 'openai/streaming';

import { ProviderFault, type AiFault } from './ai-fault.js';
import type { AiDelta, AiEnd, AiEvent, AiModel, AiProvider, AiRequest } from './ai-provider.js';
import { clientOptions, type ProviderAddress } from './client.options.js';
import { readChunk } from './chunk.js';
import { faultOf } from './fault.of.js';
import { readModel } from './model.list.js';
import { boundedFetch, guardedStream, type Seen } from './stream.body.js';
import { PROVIDER_LIMITS, Watch, type ProviderLimits } from './watch.js';

/** Longer answers are cut off here, whatever the model was told. */
const LONGEST_ANSWER = 50_000;
const TRIES = 3;
const LIST_MS = 5000;
const MOST_MODELS = 1000;
/** Worth another try, as long as nothing of the answer has been shown. */
const PASSING: ReadonlySet<AiFault> = new Set(['rate-limited', 'unavailable', 'unreachable', 'cut']);

/** Something a server of this kind did not understand, and is not sent again. */
interface Dialect {
  countsTokens: boolean;
  limitName: 'max_tokens' | 'max_completion_tokens';
}

/** What is known of a call when it is over. */
interface Course {
  readonly characters: number;
  /** The model's or the stream's own word that this was all; null without one. */
  readonly finish: AiEnd['status'] | null;
  /** Why this side ended it. */
  readonly stop: Watch['reason'];
  readonly thrown: unknown;
}

interface Verdict {
  readonly status: AiEnd['status'];
  readonly fault?: AiFault;
  readonly retryAfterMs?: number | undefined;
  readonly again: 'no' | 'later' | 'at once';
}

/**
 * Chat Completions over the official SDK. The SDK's own retries are off (they sleep as long as a server asks and cannot
 * be interrupted), and its streams end without an error when they are cut: an answer is complete only when the model
 * or the stream has said so.
 */
export class OpenAiProvider implements AiProvider {
  private readonly log = new Logger('Ai');
  private readonly client: OpenAI;
  private readonly dialect: Dialect;

  constructor(
    address: ProviderAddress,
    private readonly limits: ProviderLimits = PROVIDER_LIMITS,
  ) {
    this.client = new OpenAI({
      ...clientOptions(address),
      // Ours are shorter and cover the body too.
      timeout: limits.totalMs + 1000,
      fetch: boundedFetch,
    });
    // OpenAI's newer models know only the newer name, most other servers only the older one.
    this.dialect = {
      countsTokens: true,
      limitName: address.baseUrl === null ? 'max_completion_tokens' : 'max_tokens',
    };
  }

  async *stream(request: AiRequest, signal: AbortSignal): AsyncGenerator<AiEvent, void, undefined> {
    const deadline = performance.now() + this.limits.totalMs;
    for (let tries = 1; ; tries++) {
      const { end, again } = yield* this.attempt(request, signal, deadline);
      const wait = end.retryAfterMs ?? this.limits.backoffMs * 2 ** (tries - 1) * (0.75 + Math.random() / 2);
      const isWorthIt = again === 'later' && tries < TRIES && wait <= this.limits.retryAfterMs;
      if (again === 'at once' || (isWorthIt && performance.now() + wait < deadline)) {
        await sleep(again === 'at once' ? 0 : wait, undefined, { signal }).catch(() => undefined);
        continue;
      }
      yield end;
      return;
    }
  }

  async models(): Promise<AiModel[]> {
    try {
      const { data } = await this.client.models.list({
        timeout: LIST_MS,
        signal: AbortSignal.timeout(LIST_MS),
      });
      return Array.isArray(data) ? data.slice(0, MOST_MODELS).flatMap(readModel) : [];
    } catch (error) {
      const { fault, ...report } = faultOf(error, false, Date.now());
      this.log.warn({ msg: 'the list of models could not be had', fault, ...report });
      throw new ProviderFault(fault === 'filtered' ? 'refused' : fault);
    }
  }

  private async *attempt(
    request: AiRequest,
    signal: AbortSignal,
    deadline: number,
  ): AsyncGenerator<AiDelta, { end: AiEnd; again: Verdict['again'] }, undefined> {
    const watch = new Watch(signal, this.limits, deadline - performance.now());
    const seen: Seen = { done: false };
    let characters = 0;
    let finish: AiEnd['status'] | null = null;
    let usage: AiEnd['usage'];
    let thrown: unknown;
    try {
      const response = await this.call(request, watch.controller.signal);
      const body = guardedStream(response, seen);
      // With the client, since without one the stream prints what it cannot parse.
      const stream = Stream.fromSSEResponse<unknown>(body, watch.controller, this.client);
      for await (const value of stream) {
        const chunk = readChunk(value);
        finish ??= chunk.finish;
        usage = chunk.usage ?? usage;
        if (finish === null) {
          watch.heard();
        } else {
          watch.finished();
        }
        const text = chunk.text.slice(0, LONGEST_ANSWER - characters);
        characters += text.length;
        if (text !== '') {
          yield { type: 'delta', text };
        }
        if (characters >= LONGEST_ANSWER) {
          finish = 'truncated';
          break;
        }
      }
    } catch (error) {
      thrown = error;
    } finally {
      // Also when nobody reads on: the provider must not go on writing.
      watch.close();
    }

    finish ??= seen.done ? 'complete' : null;
    const end = this.judge({ characters, finish, stop: watch.reason, thrown }, request.model);
    const again = end.fault === undefined || characters > 0 ? 'no' : end.again;
    const { status, fault, retryAfterMs } = end;
    return {
      end: {
        type: 'end',
        status,
        ...(fault && { fault }),
        ...(retryAfterMs !== undefined && { retryAfterMs }),
        ...(usage && { usage }),
      },
      again,
    };
  }

  /** What became of a call, from all that is known when it is over. */
  private judge({ characters, finish, stop, thrown }: Course, model: string): Verdict {
    if (finish === 'filtered' || (finish !== null && characters > 0)) {
      return { status: finish, again: 'no' };
    }
    if (stop === 'stopped') {
      return { status: 'stopped', again: 'no' };
    }
    if (stop === null && this.learns(thrown)) {
      return { status: 'failed', fault: 'refused', again: 'at once' };
    }
    const report =
      thrown === undefined || stop !== null
        ? { fault: stop ?? (finish === null ? ('cut' as const) : ('empty' as const)) }
        : faultOf(thrown, characters > 0, Date.now());
    const { fault } = report;
    if (fault === 'filtered') {
      return { status: 'filtered', again: 'no' };
    }
    // Never the provider's own words: they may repeat the key, or what somebody wrote.
    this.log.warn({ msg: 'the model did not answer', model, characters, ...report });
    const again = PASSING.has(fault) ? 'later' : 'no';
    return {
      status: 'failed',
      fault,
      again,
      ...('retryAfterMs' in report && { retryAfterMs: report.retryAfterMs }),
    };
  }

  private async call({ model, messages, maxTokens }: AiRequest, signal: AbortSignal): Promise<Response> {
    const { countsTokens, limitName } = this.dialect;
    return this.client.chat.completions
      .create(
        {
          model,
          messages: messages.map(({ role, content }) => ({ role, content })),
          stream: true,
          ...(countsTokens && { stream_options: { include_usage: true } }),
          [limitName]: maxTokens,
        },
        { signal },
      )
      .asResponse();
  }

  /** Whether the server refused one of our parameters; it is then called differently from now on. */
  private learns(error: unknown): boolean {
    if (!(error instanceof APIError) || (error.status !== 400 && error.status !== 422)) {
      return false;
    }
    const { dialect } = this;
    const about = `${error.param ?? ''} ${error.message}`;
    if (dialect.countsTokens && about.includes('stream_options')) {
      dialect.countsTokens = false;
      return true;
    }
    if (dialect.limitName === 'max_tokens' && about.includes('max_completion_tokens')) {
      dialect.limitName = 'max_completion_tokens';
      return true;
    }
    return false;
  }
}
