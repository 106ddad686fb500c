import { randomUUID } from 'node:crypto';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { AI_LIMITS, DEFAULT_LIMITS } from '../src/ai/ai.limits.js';
import { TokenBudget } from '../src/ai/budget/token.budget.js';
import { UsageRepository } from '../src/ai/budget/usage.repository.js';
import { GenerationsRepository } from '../src/ai/generation/generations.repository.js';
import { GenerationsService } from '../src/ai/generation/generations.service.js';
import { RecoveryService } from '../src/ai/generation/recovery.service.js';
import { LogWriter } from '../src/chat/log/log.writer.js';
import { RoomsRepository } from '../src/chat/rooms/rooms.repository.js';
import { DomainError } from '../src/common/errors.js';
import { startApp, type TestApp } from './support/app.js';
import { onPostgres } from './support/database.js';
import { eventually } from './support/eventually.js';
import { aUser, type TestUser } from './support/factories.js';
import { ModelServer, type ModelCall } from './support/model-server.js';
import { SocketClient } from './support/socket-client.js';

let model: ModelServer;
let app: TestApp;
beforeEach(async () => {
  model = await ModelServer.start();
  app = await startApp({
    env: { OPENAI_BASE_URL: model.url },
    override: (builder) =>
      builder.overrideProvider(AI_LIMITS).useValue({ ...DEFAULT_LIMITS, running: 1, queue: 2 }),
  });
});
afterEach(async () => {
  await app.stop();
  await model.stop();
});

interface Asker {
  person: TestUser;
  socket: SocketClient;
  conversation: string;
}

async function asker(): Promise<Asker> {
  const person = await aUser(app);
  const conversation = randomUUID();
  const socket = await SocketClient.open(app.url, `/ws/${conversation}`, { cookie: person.cookie });
  await socket.next('live');
  return { person, socket, conversation };
}

async function ask({ socket }: Asker, text = 'Go') {
  const nonce = randomUUID();
  socket.send('ask', { text, nonce });
  return socket.answerTo(nonce);
}

/** Somebody whose answer is being written, for as long as the call is left open. */
async function busyModel(): Promise<ModelCall> {
  model.otherwise = (call) => call.delta('Thinking');
  const first = await asker();
  await ask(first);
  const call = await model.call();
  model.otherwise = (next) => next.say('Done');
  return call;
}

const end = (call: ModelCall) => call.finish().usage(1, 1).done();
const today = () => new Date().toISOString().slice(0, 10);

describe('the line', () => {
  it('tells those who wait their place as it moves, and answers them in order', async () => {
    const call = await busyModel();
    const [second, third] = [await asker(), await asker()];
    await ask(second);
    const queued = await second.socket.next('ai.queued');
    expect(queued).toEqual({ id: expect.any(String), replyTo: 1, place: 1 });
    await ask(third);
    expect(await third.socket.next('ai.queued')).toMatchObject({ place: 2 });
    expect(model.calls).toHaveLength(1);

    end(call);
    expect(await second.socket.next('ai.ended')).toMatchObject({ id: queued.id, status: 'complete' });
    expect(await third.socket.next('ai.ended')).toMatchObject({ status: 'complete' });
    const places = third.socket.frames.flatMap((frame) =>
      frame.event === 'ai.queued' ? [frame.data.place] : [],
    );
    expect(places).toEqual([2, 1]);
    expect(model.calls).toHaveLength(3);
  });

  it('is full at some point: the question is refused, and nothing is stored', async () => {
    const call = await busyModel();
    for (const _ of [1, 2]) {
      const waiting = await asker();
      await ask(waiting);
      await waiting.socket.next('ai.queued');
    }
    const late = await asker();
    await expect(ask(late)).rejects.toThrow('ai.busy');
    expect(await late.socket.find('error')).toMatchObject({ retryAfterMs: expect.any(Number) });
    const answer = await late.person.client.post('/', { message: 'Go' });
    expect(answer).toMatchObject({ status: 429, body: { error: { code: 'ai.busy' } } });
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(late.socket.entries).toEqual([]);
    end(call);
  });

  it('is left by who stops, who has paid nothing', async () => {
    const call = await busyModel();
    const [second, third] = [await asker(), await asker()];
    await ask(second);
    const { id } = await second.socket.next('ai.queued');
    await ask(third);
    await third.socket.next('ai.queued');
    second.socket.send('sync', { id });
    expect(await second.socket.next('ai.queued')).toMatchObject({ id, place: 1 });
    second.socket.send('stop', { id });
    expect(await second.socket.next('ai.ended')).toEqual({ id, status: 'failed' });
    expect(await third.socket.next('ai.queued')).toMatchObject({ place: 1 });
    expect(await app.get(UsageRepository).used(today(), second.person.user.id)).toBe(0);
    // Nobody is in the way of another question.
    await ask(second, 'Again');
    end(call);
    expect(await second.socket.next('ai.ended')).toMatchObject({ status: 'complete' });
    expect(model.calls).toHaveLength(3);
  });

  it('keeps the place of who goes away and comes back', async () => {
    const call = await busyModel();
    const second = await asker();
    await ask(second);
    const { id } = await second.socket.next('ai.queued');
    second.socket.close();
    await second.socket.closed();
    const back = await SocketClient.open(app.url, `/ws/${second.conversation}`, {
      cookie: second.person.cookie,
    });
    expect(await back.next('ai.queued')).toEqual({ id, replyTo: 1, place: 1 });
    end(call);
    expect(await back.next('ai.ended')).toMatchObject({ id, status: 'complete' });
  });

  it('is shown in a room to who asked, and to nobody else', async () => {
    const call = await busyModel();
    const [ann, bob] = [await aUser(app), await aUser(app)];
    const [asking, looking] = [
      await SocketClient.open(app.url, '/ws?room=lobby', { cookie: ann.cookie }),
      await SocketClient.open(app.url, '/ws?room=lobby', { cookie: bob.cookie }),
    ];
    const { seq } = await asking.say('@ai hello?');
    expect(await asking.next('ai.queued')).toMatchObject({ replyTo: seq, place: 1 });
    // Everybody has one place.
    const again = await asking.say('@ai hello again?');
    expect(await asking.next('error')).toMatchObject({ code: 'ai.busy', replyTo: again.seq });
    end(call);
    await looking.next('ai.ended');
    const seen = looking.frames.map(({ event }) => event);
    expect(seen).not.toContain('ai.queued');
    expect(seen).toContain('ai.started');
  });

  it('is drained when the server leaves', async () => {
    await busyModel();
    const second = await asker();
    await ask(second);
    const { id } = await second.socket.next('ai.queued');
    const stopping = app.stop();
    expect(await second.socket.next('ai.ended')).toEqual({ id, status: 'failed', code: 'server.draining' });
    await stopping;
  });
});

describe('an answer that the log does not take', () => {
  it('is kept, and stored when the log works again', async () => {
    const log = app.get(LogWriter);
    const append = log.append.bind(log);
    let isBroken = false;
    log.append = (draft) => (isBroken ? Promise.reject(new DomainError('storage.full')) : append(draft));
    model.otherwise = (call) => call.delta('Precious');
    const first = await asker();
    const { socket } = first;
    await ask(first);
    const call = await model.call();
    isBroken = true;
    end(call);
    const { id } = await socket.next('ai.ended', ({ code }) => code === 'storage.full');
    expect(socket.entries).toHaveLength(1);
    isBroken = false;
    await app.get(GenerationsService).storeLate();
    expect(await socket.next('message.posted', (data) => data.seq === 2)).toMatchObject({
      id,
      text: 'Precious',
    });
  });
});

describe('a question whose answer had not begun when the server died', () => {
  it('has failed after the start, with nothing paid; one that was not stored leaves nothing', async () => {
    const { person, socket, conversation } = await asker();
    const nonce = randomUUID();
    model.otherwise = (call) => call.fail(401, {});
    socket.send('ask', { text: 'Go', nonce });
    await socket.next('ai.ended');
    const runs = app.get(GenerationsRepository);
    const { id: roomId } = (await app.get(RoomsRepository).findBySlug(conversation))!;
    const ended = (await runs.ofQuestion(roomId, 1))!;
    const left = async (ofNonce: string) => {
      const { day, reserved } = await app.get(TokenBudget).reserve(person.user.id, 500);
      const started = { ...ended, id: randomUUID(), messageId: '', replyTo: 0, code: null, endedAt: null };
      await runs.insert({
        ...started,
        status: 'queued',
        nonce: ofNonce,
        day,
        reserved,
        startedAt: Date.now(),
      });
      return started.id;
    };
    const stored = await left(nonce);
    const lost = await left(randomUUID());
    expect(await app.get(UsageRepository).used(today(), person.user.id)).toBe(1000);

    if (!onPostgres) {
      await app.get(RecoveryService).onApplicationBootstrap();
    }
    // Where nodes share a database, those that live find out by the mark that stands still.
    await eventually('no open run', async () => (await runs.open()).length === 0);
    expect(await app.get(UsageRepository).used(today(), person.user.id)).toBe(0);
    expect(await runs.ofQuestion(roomId, 1)).toMatchObject({ id: stored, status: 'failed', replyTo: 1 });
    expect(lost).not.toBe(stored);
    // The same form sent again is told so, and does not ask twice.
    const again = { message: 'Go', conversation, nonce };
    expect(await person.client.post('/', again)).toMatchObject({ status: 503 });
    expect(model.calls).toHaveLength(1);
  });
});

describe('the metrics', () => {
  it('count answers, tokens, faults and who waits', async () => {
    const call = await busyModel();
    const second = await asker();
    await ask(second);
    await second.socket.next('ai.queued');
    const scrape = async () => (await fetch(`${app.url}/metrics`)).text();
    expect(await scrape()).toContain('madang_ai_running 1\n');
    expect(await scrape()).toContain('madang_ai_queued 1\n');
    call.finish().usage(70, 7).done();
    await second.socket.next('ai.ended');
    model.otherwise = (next) => next.fail(401, {});
    await ask(second);
    await second.socket.next('ai.ended');
    const text = await scrape();
    for (const line of [
      'madang_ai_generations_total{outcome="complete"} 2',
      'madang_ai_generations_total{outcome="failed"} 1',
      'madang_ai_generations_total{outcome="filtered"} 0',
      'madang_ai_faults_total{fault="auth"} 1',
      'madang_ai_first_token_seconds_count 2',
      'madang_ai_tokens_total{direction="in"} 80',
      'madang_ai_tokens_total{direction="out"} 8',
      'madang_ai_running 0',
      'madang_ai_queued 0',
      'madang_ai_breaker_open 0',
    ]) {
      expect(text).toContain(`${line}\n`);
    }
  });
});
