import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { LLMock } from '@copilotkit/aimock';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { AiEnd, AiEvent } from '../src/ai/provider/ai-provider.js';
import { OpenAiProvider } from '../src/ai/provider/openai.provider.js';
import { PROVIDER_LIMITS, type ProviderLimits } from '../src/ai/provider/watch.js';
import { ModelServer, type ModelCall } from './support/model-server.js';

const KEY = 'sk-very-secret-0123456789';
const request = {
  model: 'gpt-3.5-turbo',
  messages: [{ role: 'user', content: 'Hi' } as const],
  maxTokens: 100,
};

let server: ModelServer;
const warn = vi.spyOn(Logger.prototype, 'warn');
const printed = vi.spyOn(console, 'error');
beforeEach(async () => {
  server = await ModelServer.start();
  warn.mockReset().mockImplementation(() => undefined);
  printed.mockReset();
});
afterEach(() => server.stop());

const provider = (limits: Partial<ProviderLimits> = {}, baseUrl = server.url) =>
  new OpenAiProvider({ apiKey: KEY, baseUrl }, { ...PROVIDER_LIMITS, backoffMs: 1, ...limits });

interface Result {
  text: string;
  end: AiEnd;
}

/** Reads a stream to its end, and checks what every stream promises. */
async function collect(events: AsyncIterable<AiEvent>): Promise<Result> {
  const all: AiEvent[] = [];
  for await (const event of events) {
    all.push(event);
  }
  const end = all.pop();
  expect(end?.type).toBe('end');
  const texts = all.map((event) => (event.type === 'delta' ? event.text : expect.fail('two ends')));
  return { text: texts.join(''), end: end as AiEnd };
}

const answerTo = (behaviour: (call: ModelCall) => unknown, limits?: Partial<ProviderLimits>) => {
  server.otherwise = behaviour;
  return collect(provider(limits).stream(request, new AbortController().signal));
};

/** Writes one line for as long as it is read. */
function endless({ response }: ModelCall): void {
  const more = () => void (response.destroyed || response.write('x'.repeat(65_536), more));
  more();
}

describe('an answer in order', () => {
  it('is streamed, and ends with the count of tokens that comes last', async () => {
    expect(await answerTo((call) => call.say('안녕', ' 👋', ' there'))).toEqual({
      text: '안녕 👋 there',
      end: { type: 'end', status: 'complete', usage: { promptTokens: 10, completionTokens: 3 } },
    });
    expect(server.calls[0]!.request.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(server.calls[0]!.body).toEqual({
      model: 'gpt-3.5-turbo',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 100,
    });
  });

  it.each([
    ['length', 'truncated'],
    ['content_filter', 'filtered'],
    ['stop', 'complete'],
  ])('that the model ends with %s is %s', async (reason, status) => {
    const { text, end } = await answerTo((call) => call.delta('So far').finish(reason).done());
    expect({ text, status: end.status }).toEqual({ text: 'So far', status });
  });

  it.each<[string, (call: ModelCall) => unknown]>([
    ['ends with [DONE] alone', (call) => call.delta('Whole').done()],
    ['ends with a finish_reason alone', (call) => call.delta('Whole').finish().response.end()],
    [
      'lacks its last blank line',
      (call) => {
        call
          .delta('Who')
          .response.end('data: {"choices":[{"delta":{"content":"le"},"finish_reason":"stop"}]}\n');
      },
    ],
    [
      'is full of comments, reasoning and empty events',
      (call) => {
        call.begin().response.write(': ping\n\n');
        call
          .event({ choices: [{ delta: { reasoning_content: 'Hm' } }] })
          .event({})
          .event('null');
        call.delta('Whole').finish().done();
      },
    ],
    [
      'comes three bytes at a time',
      async (call) => {
        call.begin();
        const bytes = Buffer.from(
          'data: {"choices":[{"delta":{"content":"Whole"}}]}\r\n\r\ndata: [DONE]\r\n\r\n',
        );
        for (let at = 0; at < bytes.length; at += 3) {
          await new Promise<unknown>((resolve) => call.response.write(bytes.subarray(at, at + 3), resolve));
        }
        call.response.end();
      },
    ],
  ])('is complete when it %s', async (_, behaviour) => {
    expect(await answerTo(behaviour)).toMatchObject({ text: 'Whole', end: { status: 'complete' } });
  });

  it.each([
    [1e15, 1],
    [-1, 1],
    [0.5, 1],
  ])('has no count of tokens when that cannot be one (%d, %d)', async (tokens, more) => {
    const { end } = await answerTo((call) => call.delta('Whole').finish().usage(tokens, more).done());
    expect(end).toEqual({ type: 'end', status: 'complete' });
  });

  it('is complete when the model is done and the count of tokens never comes', async () => {
    const { end } = await answerTo((call) => call.delta('Whole').finish(), { idleMs: 50 });
    expect(end).toEqual({ type: 'end', status: 'complete' });
  });

  it('is cut off at 50,000 characters', async () => {
    const { text, end } = await answerTo((call) => {
      for (let part = 0; part < 60; part++) {
        call.delta('x'.repeat(1000));
      }
    });
    expect({ length: text.length, status: end.status }).toEqual({ length: 50_000, status: 'truncated' });
    await server.calls[0]!.closed;
  });
});

describe('a fault', () => {
  const context = { code: 'context_length_exceeded', message: 'maximum context length is 4096 tokens' };
  it.each<[string, string, number, (call: ModelCall) => unknown]>([
    ['a refused key', 'auth', 1, (call) => call.fail(401, { message: `Incorrect API key: ${KEY}` })],
    ['a model that is not there', 'model-missing', 1, (call) => call.fail(404, { code: 'model_not_found' })],
    ['a used up allowance', 'quota', 1, (call) => call.fail(429, { code: 'insufficient_quota' })],
    ['too long a conversation', 'context-too-long', 1, (call) => call.fail(400, context)],
    ['any other refusal', 'refused', 1, (call) => call.fail(400, { message: 'no' })],
    ['a 500', 'unavailable', 3, (call) => call.fail(500, { message: 'oops' })],
    ['a page with status 502', 'unavailable', 3, (call) => call.fail(502, '<html>Bad gateway</html>')],
    ['a page with status 200', 'bad-response', 1, (call) => call.fail(200, '<html>Log in</html>')],
    ['a redirect', 'refused', 1, (call) => call.fail(302, {}, { location: 'http://127.0.0.1:1/' })],
    ['a 429', 'rate-limited', 3, (call) => call.fail(429, { message: 'slow down' })],
    [
      'a 429 that asks for an hour',
      'rate-limited',
      1,
      (call) => call.fail(429, { message: 'slow down' }, { 'retry-after': '3600' }),
    ],
    ['a stream without an answer', 'cut', 3, (call) => call.begin().response.end()],
    ['a cut before the first token', 'cut', 3, (call) => call.begin().response.destroy()],
    ['a connection cut at once', 'unreachable', 3, (call) => call.response.destroy()],
    ['an answer of nothing', 'empty', 1, (call) => call.finish().done()],
    ['broken JSON', 'bad-response', 1, (call) => call.event('{"choices":[').done()],
    ['an error event at the start', 'reported', 1, (call) => call.event({ error: { message: KEY } })],
  ])('%s is %s', async (_, fault, calls, behaviour) => {
    const { text, end } = await answerTo(behaviour);
    expect({ text, end }).toMatchObject({ text: '', end: { status: 'failed', fault } });
    expect(server.calls).toHaveLength(calls);
    expect(JSON.stringify([end, warn.mock.calls])).not.toContain(KEY);
  });

  it.each<[string, string, (call: ModelCall) => unknown]>([
    ['a clean end without a word that it is one', 'cut', (call) => call.response.end()],
    ['a broken connection', 'cut', (call) => setTimeout(() => call.response.destroy(), 20)],
    ['silence', 'stalled', () => undefined],
    ['an error event', 'reported', (call) => call.event({ error: { message: 'overloaded' } })],
    ['broken JSON', 'bad-response', (call) => call.event('{"a":')],
    [
      'broken JSON of another API',
      'bad-response',
      ({ response }) => setTimeout(() => response.write(`event: thread.a\ndata: {"${KEY}\n\n`), 20),
    ],
    ['one event without an end', 'bad-response', endless],
  ])('in mid-answer, %s, keeps the text and is %s', async (_, fault, behaviour) => {
    const result = await answerTo((call) => behaviour(call.delta('So far')), { idleMs: 200 });
    expect(result).toMatchObject({ text: 'So far', end: { status: 'failed', fault } });
    expect(server.calls).toHaveLength(1);
    await server.calls[0]!.closed;
    // What a provider sends is what somebody wrote, or was answered.
    expect(printed).not.toHaveBeenCalled();
  });

  it('of a server that never answers is a timeout, and so is one that never ends', async () => {
    expect(await answerTo(() => undefined, { firstTokenMs: 50 })).toMatchObject({
      end: { fault: 'timeout' },
    });
    const talking = (call: ModelCall) => {
      const timer = setInterval(() => call.delta('x'), 10);
      void call.closed.then(() => clearInterval(timer));
    };
    expect(await answerTo(talking, { totalMs: 200 })).toMatchObject({ end: { fault: 'timeout' } });
  });

  it('of a server that is not there is unreachable', async () => {
    const nobody = createServer().listen(0, '127.0.0.1');
    await once(nobody, 'listening');
    const { port } = nobody.address() as AddressInfo;
    nobody.close();
    await once(nobody, 'close');
    const { end } = await collect(
      provider({}, `http://127.0.0.1:${port}/v1`).stream(request, new AbortController().signal),
    );
    expect(end).toMatchObject({ status: 'failed', fault: 'unreachable' });
  });

  it('with an endless page is given up', async () => {
    const { end } = await answerTo((call) => {
      call.response.writeHead(404, { 'content-type': 'text/html' });
      endless(call);
    });
    expect(end).toMatchObject({ status: 'failed', fault: 'model-missing' });
    await server.calls[0]!.closed;
  });
});

describe('trying again', () => {
  it('happens before the first token, after what the provider asks for', async () => {
    server.plan((call) => call.fail(429, { message: 'slow down' }, { 'retry-after': '0' }));
    server.plan((call) => call.fail(503, { message: 'loading' }));
    expect(await answerTo((call) => call.say('Hello'))).toMatchObject({
      text: 'Hello',
      end: { status: 'complete' },
    });
    expect(server.calls).toHaveLength(3);
  });

  it('says how long a provider wants to be left alone', async () => {
    const { end } = await answerTo((call) => call.fail(429, {}, { 'retry-after': '3600' }));
    expect(end.retryAfterMs).toBe(3_600_000);
  });

  it('learns which parameters a server does not take, once', async () => {
    const calls = server.calls;
    server.plan((call) => call.fail(400, { message: 'Unknown field: stream_options' }));
    server.plan((call) => call.fail(400, { message: "Use 'max_completion_tokens'.", param: 'max_tokens' }));
    const one = provider();
    for (const _ of [1, 2]) {
      expect(await collect(one.stream(request, new AbortController().signal))).toMatchObject({
        text: 'Hello there',
      });
    }
    expect(calls).toHaveLength(4);
    expect(calls[3]!.body).not.toHaveProperty('stream_options');
    expect(calls[3]!.body).toMatchObject({ max_completion_tokens: 100 });
    expect(calls[3]!.body).not.toHaveProperty('max_tokens');
  });
});

describe('stopping', () => {
  it.each<[string, (call: ModelCall) => unknown, string]>([
    ['before the headers', () => undefined, ''],
    ['before the first token', (call) => call.begin(), ''],
    ['in mid-answer', (call) => call.delta('So far'), 'So far'],
  ])('%s closes the connection to the provider', async (_, behaviour, text) => {
    const stop = new AbortController();
    server.otherwise = behaviour;
    const result = collect(
      (async function* () {
        for await (const event of provider().stream(request, stop.signal)) {
          yield event;
          stop.abort();
        }
      })(),
    );
    const call = await server.call();
    if (text === '') {
      stop.abort();
    }
    await call.closed;
    expect(await result).toEqual({ text, end: { type: 'end', status: 'stopped' } });
    expect(warn).not.toHaveBeenCalled();
  });

  it('interrupts the wait before another try', async () => {
    const stop = new AbortController();
    server.otherwise = (call) => call.fail(429, {}, { 'retry-after': '9' });
    const result = collect(provider().stream(request, stop.signal));
    const { response } = await server.call();
    await once(response, 'close');
    stop.abort();
    expect((await result).end.status).toBe('stopped');
  });

  it('by leaving the loop closes it too', async () => {
    server.otherwise = (call) => call.delta('So far');
    for await (const event of provider().stream(request, new AbortController().signal)) {
      expect(event).toEqual({ type: 'delta', text: 'So far' });
      break;
    }
    await server.calls[0]!.closed;
  });
});

describe('against another server of this kind', () => {
  let mock: LLMock;
  beforeEach(async () => {
    mock = new LLMock({ port: 0 });
    await mock.start();
  });
  afterEach(() => mock.stop());

  it('streams, counts, and lists models', async () => {
    mock.onMessage('Hi', { content: 'Hello from a mock' });
    const there = provider({}, `${mock.url}/v1`);
    expect(await collect(there.stream(request, new AbortController().signal))).toMatchObject({
      text: 'Hello from a mock',
      end: { status: 'complete', usage: { promptTokens: expect.any(Number) } },
    });
    expect((await there.models()).length).toBeGreaterThan(0);
  });

  it('carries fifty answers at once', async () => {
    const words = Array.from({ length: 100 }, (_, index) => `word${index}`).join(' ');
    mock.onMessage('Hi', { content: words });
    const there = provider({}, `${mock.url}/v1`);
    const all = await Promise.all(
      Array.from({ length: 50 }, () => collect(there.stream(request, new AbortController().signal))),
    );
    expect(new Set(all.map(({ text }) => text))).toEqual(new Set([words]));
  });
});

describe('the list of models', () => {
  it('is what the server says, and a fault when it says nothing of the kind', async () => {
    server.models = ['one', 'two'];
    expect(await provider().models()).toEqual([{ id: 'one' }, { id: 'two' }]);
    server.models = null;
    await expect(provider().models()).rejects.toMatchObject({ fault: 'model-missing' });
  });
});
