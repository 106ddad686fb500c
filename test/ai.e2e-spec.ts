import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { AI_LIMITS, DEFAULT_LIMITS, type AiLimits } from '../src/ai/ai.limits.js';
import { UsageRepository } from '../src/ai/budget/usage.repository.js';
import { GenerationsService } from '../src/ai/generation/generations.service.js';
import { startApp, type TestApp } from './support/app.js';
import { aUser, type TestUser } from './support/factories.js';
import { ModelServer, type ModelCall } from './support/model-server.js';
import { SocketClient } from './support/socket-client.js';

let model: ModelServer;
let app: TestApp;
let ann: TestUser;

const startWith = (limits: Partial<AiLimits>) =>
  startApp({
    env: { OPENAI_BASE_URL: model.url },
    override: (builder) => builder.overrideProvider(AI_LIMITS).useValue({ ...DEFAULT_LIMITS, ...limits }),
  });

beforeAll(async () => {
  model = await ModelServer.start();
  app = await startWith({ asks: 1000, tokensPerPerson: 10_000_000 });
});
afterAll(async () => {
  await app.stop();
  await model.stop();
});
beforeEach(async () => {
  ann = await aUser(app);
  model.reset();
});

const open = (id: string, who = ann, query = '', place = app) =>
  SocketClient.open(place.url, `/ws/${id}?v=1${query}`, { cookie: who.cookie });

/**
 * Asks, and waits for the acknowledgement; rejects with the refusal. Before a socket is live it may be shown what is being written as
 * one text, and not word by word.
 */
async function ask(socket: SocketClient, text: string, more: { nonce?: string; replaces?: number } = {}) {
  await socket.find('live');
  const nonce = more.nonce ?? randomUUID();
  const since = socket.frames.length;
  socket.send('ask', { text, ...more, nonce });
  return socket.answerTo(nonce, since);
}

/** The frames of the AI's turn from a point on, without the text of the log around them. */
const namesOf = (socket: SocketClient, since = 0) =>
  socket.frames
    .slice(since)
    .map(({ event }) => event)
    .filter((event) => event !== 'presence');

const textOf = (socket: SocketClient, id: string) =>
  socket.frames
    .flatMap((frame) => (frame.event === 'ai.delta' && frame.data.id === id ? [frame.data.text] : []))
    .join('');

describe('a question', () => {
  it('is acknowledged, answered live in order, and the answer is an entry', async () => {
    const socket = await open(randomUUID());
    await socket.next('live');
    const since = socket.frames.length;
    model.otherwise = (call) => call.say('안녕', '하세요 👋');
    const { seq } = await ask(socket, 'Hello?');
    const ended = await socket.next('ai.ended');

    expect(seq).toBe(1);
    const events = namesOf(socket, since).filter((event, index, all) => event !== all[index - 1]);
    // The acknowledgement may come before or after one's own entry.
    expect(events.slice(0, 2).sort()).toEqual(['ack', 'message.posted']);
    expect(events.slice(2)).toEqual(['ai.started', 'ai.delta', 'message.posted', 'ai.ended']);
    const started = await socket.find('ai.started');
    expect(started).toEqual({ id: expect.any(String), replyTo: 1 });
    const deltas = socket.frames.flatMap((frame) => (frame.event === 'ai.delta' ? [frame.data] : []));
    expect(deltas.map(({ n }) => n)).toEqual(deltas.map((_, index) => index + 1));
    expect(textOf(socket, started.id)).toBe('안녕하세요 👋');
    expect(await socket.find('message.posted', (data) => data.seq === 2)).toMatchObject({
      id: started.id,
      kind: 'ai',
      author: { id: 'ai', nickname: 'ai', role: 'ai', color: expect.any(Number) },
      text: '안녕하세요 👋',
      replyTo: 1,
      ai: { status: 'complete' },
    });
    expect(ended).toEqual({ id: started.id, status: 'complete', seq: 2 });
    socket.close();
  });

  it('comes with the conversation before it, and with nobody’s words in the system’s message', async () => {
    const socket = await open(randomUUID());
    model.otherwise = (call) => call.say('Answer one');
    await ask(socket, 'Question one');
    await socket.next('ai.ended');
    await ask(socket, 'Question two');
    await socket.next('ai.ended');

    const [system, ...rest] = model.calls[1]!.body.messages;
    expect(rest).toEqual([
      { role: 'user', content: 'Question one' },
      { role: 'assistant', content: 'Answer one' },
      { role: 'user', content: 'Question two' },
    ]);
    expect(system).toMatchObject({ role: 'system', content: expect.not.stringContaining('Question') });
    socket.close();
  });

  it('sent again is answered once, also while it is on its way', async () => {
    const socket = await open(randomUUID());
    const nonce = randomUUID();
    socket.send('ask', { text: 'Once', nonce });
    socket.send('ask', { text: 'Once', nonce });
    await socket.next('ai.ended');
    const again = await ask(socket, 'Once', { nonce });
    expect(again).toMatchObject({ seq: 1, dup: true });
    expect(model.calls).toHaveLength(1);
    expect(socket.entries).toHaveLength(2);
    socket.close();
  });

  it.each([
    ['nothing', ' \n ', 'text.empty'],
    ['more than 8,000 characters', 'x'.repeat(8001), 'ai.too-long'],
  ])('of %s is refused, and nothing is stored', async (_, text, code) => {
    const socket = await open(randomUUID());
    await expect(ask(socket, text)).rejects.toThrow(code);
    expect(socket.entries).toEqual([]);
    socket.close();
  });

  it('is one at a time for each person', async () => {
    const [here, there] = [await open(randomUUID()), await open(randomUUID())];
    model.otherwise = (call) => call.delta('Thinking');
    await ask(here, 'First');
    const call = await model.call();
    await expect(ask(there, 'Second')).rejects.toThrow('ai.busy');
    call.finish().done();
    await here.next('ai.ended');
    model.otherwise = (call) => call.say('Yes');
    expect((await ask(there, 'Third')).seq).toBe(1);
    await there.next('ai.ended');
    here.close();
    there.close();
  });
});

describe('an answer', () => {
  it('is the same in a second tab, and for one that comes late', async () => {
    const id = randomUUID();
    const [tab, other] = [await open(id), await open(id)];
    await other.next('live');
    model.otherwise = (call) => call.delta('One ');
    await ask(tab, 'Go');
    const call = await model.call();
    await tab.find('ai.delta');

    const late = await open(id);
    const snapshot = await late.next('ai.snapshot');
    expect(snapshot).toMatchObject({ n: 1, text: 'One ', status: 'running' });
    call.delta('two').finish().done();
    for (const socket of [tab, other, late]) {
      await socket.find('ai.ended');
    }
    expect(textOf(tab, snapshot.id)).toBe('One two');
    expect(textOf(other, snapshot.id)).toBe('One two');
    const numbers = late.frames.flatMap((frame) => (frame.event === 'ai.delta' ? [frame.data.n] : []));
    expect(numbers[0]).toBe(2);
    expect(snapshot.text + textOf(late, snapshot.id)).toBe('One two');
    [tab, other, late].forEach((socket) => socket.close());
  });

  it('goes on when everybody has left, and is there when they come back', async () => {
    const id = randomUUID();
    const socket = await open(id);
    const { epoch } = await socket.next('welcome');
    model.otherwise = (call) => call.delta('Before ');
    await ask(socket, 'Go');
    const call = await model.call();
    await socket.find('ai.delta');
    socket.close();
    await socket.closed();
    const { done } = app.get(GenerationsService).all[0]!;
    call.delta('and after').finish().done();
    await done;

    const back = await open(id, ann, `&after=1&epoch=${epoch}`);
    expect(await back.next('message.posted')).toMatchObject({ seq: 2, text: 'Before and after' });
    back.close();
  });

  it('that was stopped is kept, and the provider is let go', async () => {
    const socket = await open(randomUUID());
    model.otherwise = (call) => call.delta('So far');
    await ask(socket, 'Go');
    const { id } = await socket.next('ai.started');
    const call = await model.call();
    await socket.next('ai.delta');
    socket.send('stop', { id });
    socket.send('stop', { id });
    expect(await socket.next('ai.ended')).toEqual({ id, status: 'stopped', seq: 2 });
    expect(socket.texts).toEqual(['Go', 'So far']);
    await call.closed;
    socket.send('sync', { id });
    expect(await socket.next('ai.snapshot')).toEqual({ id, n: 1, text: 'So far', status: 'stopped' });
    socket.close();
  });

  it.each<[string, string, string | undefined, (call: ModelCall) => unknown]>([
    ['a cut', 'failed', 'ai.provider', (call) => call.delta('So far').response.end()],
    ['the length', 'truncated', undefined, (call) => call.delta('So far').finish('length').done()],
    ['a filter', 'filtered', undefined, (call) => call.delta('So far').finish('content_filter').done()],
    [
      'an error event',
      'failed',
      'ai.provider',
      (call) => call.delta('So far').event({ error: { message: 'x' } }),
    ],
  ])('that %s ends is posted as %s', async (_, status, code, behaviour) => {
    const socket = await open(randomUUID());
    model.otherwise = behaviour;
    await ask(socket, 'Go');
    expect(await socket.next('ai.ended')).toEqual({
      id: expect.any(String),
      status,
      seq: 2,
      ...(code && { code }),
    });
    expect(socket.entries[1]!.data).toMatchObject({ text: 'So far', ai: { status } });
    socket.close();
  });

  it.each<[string, (call: ModelCall) => unknown]>([
    ['ai.provider', (call) => call.fail(401, { message: 'no' })],
    ['ai.busy', (call) => call.fail(429, {}, { 'retry-after': '3600' })],
    ['ai.quota', (call) => call.fail(429, { code: 'insufficient_quota' })],
    ['ai.provider', (call) => call.fail(200, '<html>Log in</html>')],
  ])('that never comes fails with %s, and can be asked for again', async (code, behaviour) => {
    const socket = await open(randomUUID());
    model.otherwise = behaviour;
    await ask(socket, 'Go');
    const { id } = await socket.next('ai.started');
    expect(await socket.next('ai.ended')).toEqual({ id, status: 'failed', code });
    expect(socket.entries).toHaveLength(1);

    model.otherwise = (call) => call.say('At last');
    socket.send('regenerate', { id });
    expect(await socket.next('ai.ended')).toMatchObject({ status: 'complete', seq: 2 });
    socket.close();
  });

  it('to a conversation too long for the model is tried with half of it', async () => {
    const socket = await open(randomUUID());
    model.otherwise = (call) => call.say('x'.repeat(9000));
    for (const text of ['One', 'Two', 'Three']) {
      await ask(socket, text);
      await socket.next('ai.ended');
    }
    model.plan((call) => call.fail(400, { code: 'context_length_exceeded' }));
    await ask(socket, 'Four');
    expect(await socket.next('ai.ended')).toMatchObject({ status: 'complete' });
    const [whole, half] = model.calls.slice(-2).map(({ body }) => body.messages);
    expect(half!.length).toBeLessThan(whole!.length);
    expect([half![0], half!.at(-1)]).toEqual([whole![0], whole!.at(-1)]);
    socket.close();
  });
});

describe('another try', () => {
  it('removes the answer and then writes a new one', async () => {
    const socket = await open(randomUUID());
    await ask(socket, 'Go');
    const { id } = await socket.next('ai.ended');
    model.otherwise = (call) => call.say('Better');
    socket.send('regenerate', { id });
    expect(await socket.next('message.removed')).toMatchObject({ seq: 3, target: 2, by: 'author' });
    expect(await socket.next('ai.started')).toEqual({ id: expect.not.stringMatching(id), replyTo: 1 });
    expect(await socket.next('message.posted')).toMatchObject({ seq: 4, text: 'Better', replyTo: 1 });
    expect(model.calls[1]!.body.messages.slice(1)).toEqual([{ role: 'user', content: 'Go' }]);
    socket.close();
  });

  it('with another question takes the place of the old one and all that followed', async () => {
    const socket = await open(randomUUID());
    for (const text of ['One', 'Two']) {
      await ask(socket, text);
      await socket.next('ai.ended');
    }
    const { seq } = await ask(socket, 'Two, better', { replaces: 3 });
    expect(seq).toBe(7);
    await socket.next('ai.ended');
    const removed = socket.frames.flatMap((frame) =>
      frame.event === 'message.removed' ? [frame.data.target] : [],
    );
    expect(removed).toEqual([3, 4]);
    expect(
      model.calls
        .at(-1)!
        .body.messages.slice(1)
        .map(({ content }) => content),
    ).toEqual(['One', 'Hello there', 'Two, better']);
    await expect(ask(socket, 'Not mine', { replaces: 2 })).rejects.toThrow('not-found');
    socket.close();
  });

  it('goes on with an answer that was cut', async () => {
    const socket = await open(randomUUID());
    model.otherwise = (call) => call.delta('One, two').finish('length').done();
    await ask(socket, 'Count');
    const { id } = await socket.next('ai.ended');
    model.otherwise = (call) => call.say(', three');
    socket.send('continue', { id });
    expect(await socket.next('ai.snapshot')).toMatchObject({ id, n: 0, text: 'One, two', status: 'running' });
    expect(await socket.next('ai.delta')).toEqual({ id, n: 1, text: ', three' });
    expect(await socket.next('message.changed')).toMatchObject({
      seq: 3,
      target: 2,
      text: 'One, two, three',
      ai: { status: 'complete' },
    });
    expect(await socket.next('ai.ended')).toEqual({ id, status: 'complete', seq: 3 });
    socket.send('continue', { id });
    expect(await socket.next('error')).toMatchObject({ code: 'frame.invalid' });
    socket.close();
  });
});

describe('what it costs', () => {
  it('is set aside and then settled with what was really used', async () => {
    const usage = app.get(UsageRepository);
    const day = new Date().toISOString().slice(0, 10);
    const socket = await open(randomUUID());
    model.otherwise = (call) => call.delta('Hm');
    await ask(socket, 'Go');
    const call = await model.call();
    expect(await usage.used(day, ann.user.id)).toBeGreaterThan(DEFAULT_LIMITS.answerTokens);
    call.finish().usage(1000, 234).done();
    await socket.next('ai.ended');
    expect(await usage.used(day, ann.user.id)).toBe(1234);
    model.otherwise = (call) => call.fail(401, {});
    await ask(socket, 'Go');
    await socket.next('ai.ended');
    expect(await usage.used(day, ann.user.id)).toBe(1234);
    socket.close();
  });

  it('lets two at once take the last of it only once', async () => {
    const usage = app.get(UsageRepository);
    const payers = [
      { payer: 'ann', limit: 100 },
      { payer: 'everybody', limit: 70 },
    ] as const;
    const taken = await Promise.all(Array.from({ length: 20 }, () => usage.take('2026-01-01', 30, payers)));
    expect(taken.filter((who) => who.includes('ann'))).toHaveLength(3);
    expect(taken.filter((who) => who.includes('everybody'))).toHaveLength(2);
    expect(await usage.used('2026-01-01', 'ann')).toBe(90);
    expect(await usage.used('2026-01-01', 'everybody')).toBe(60);
  });

  it('that the server as a whole has not left takes nothing from the person', async () => {
    const small = await startWith({ tokensPerServer: 5000 });
    const [bob, carl] = [await aUser(small), await aUser(small)];
    const socket = await open(randomUUID(), bob, '', small);
    model.otherwise = (call) => call.delta('Dear').finish().usage(3000, 500).done();
    await ask(socket, 'Go');
    await socket.next('ai.ended');
    const other = await open(randomUUID(), carl, '', small);
    await expect(ask(other, 'Go')).rejects.toThrow('ai.quota');
    const day = new Date().toISOString().slice(0, 10);
    expect(await small.get(UsageRepository).used(day, carl.user.id)).toBe(0);
    await small.stop();
  });

  it('has a limit a day and a limit of questions, which refuse before anything is stored', async () => {
    const small = await startWith({ asks: 3, tokensPerPerson: 5000 });
    const bob = await aUser(small);
    const socket = await open(randomUUID(), bob, '', small);
    model.otherwise = (call) => call.delta('Dear').finish().usage(3000, 500).done();
    await ask(socket, 'Go');
    await socket.next('ai.ended');
    await expect(ask(socket, 'Go')).rejects.toThrow('ai.quota');
    const { retryAfterMs } = await socket.find('error');
    expect(retryAfterMs).toBeGreaterThan(0);

    const carl = await aUser(small);
    const other = await open(randomUUID(), carl, '', small);
    model.otherwise = (call) => call.say('Cheap');
    for (const _ of [1, 2, 3]) {
      await ask(other, 'Go');
      await other.next('ai.ended');
    }
    await expect(ask(other, 'Go')).rejects.toThrow('rate.limited');
    expect(other.entries).toHaveLength(6);
    await small.stop();
  });
});

describe('a conversation', () => {
  it('is its owner’s alone', async () => {
    const id = randomUUID();
    const socket = await open(id);
    await ask(socket, 'Private');
    const ended = await socket.next('ai.ended');
    const bob = await aUser(app);
    expect(await SocketClient.attempt(app.url, `/ws/${id}`, { cookie: bob.cookie })).toMatchObject({
      status: 404,
    });
    expect(await SocketClient.attempt(app.url, `/ws/${id}`)).toMatchObject({ status: 401 });
    const own = await open(randomUUID(), bob);
    for (const event of ['stop', 'regenerate', 'continue', 'sync'] as const) {
      own.send(event, { id: ended.id });
      expect(await own.next('error')).toMatchObject({ code: 'not-found' });
    }
    socket.close();
    own.close();
  });
});

describe('without a provider', () => {
  it('every question is refused, and the rest of the server is well', async () => {
    const off = await startApp();
    const bob = await aUser(off);
    const socket = await open(randomUUID(), bob, '', off);
    await expect(ask(socket, 'Anybody?')).rejects.toThrow('ai.off');
    expect((await off.client().get('/health/ready')).status).toBe(200);
    await off.stop();
  });
});
