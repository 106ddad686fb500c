import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { Hub } from '../src/realtime/hub.js';
import { startApp, type TestApp } from './support/app.js';
import { aModerator, aUser, anAdmin, type TestUser } from './support/factories.js';
import { ModelServer } from './support/model-server.js';
import { SocketClient } from './support/socket-client.js';

let model: ModelServer;
let app: TestApp;
let admin: TestUser;
let ann: TestUser;
let bob: TestUser;
let slug: string;
const sockets: SocketClient[] = [];

beforeAll(async () => {
  model = await ModelServer.start();
  app = await startApp({ env: { OPENAI_BASE_URL: model.url } });
  admin = await anAdmin(app);
});
afterAll(async () => {
  await app.stop();
  await model.stop();
});
beforeEach(async () => {
  model.reset();
  [ann, bob] = [await aUser(app), await aUser(app)];
  slug = await aRoom('chat');
});
afterEach(() => sockets.splice(0).forEach((socket) => socket.close()));

async function aRoom(kind: 'chat' | 'stream'): Promise<string> {
  const room = `r-${randomUUID().slice(0, 8)}`;
  expect((await admin.client.post('/api/rooms', { slug: room, title: 'A room', kind })).status).toBe(201);
  return room;
}

async function join(who?: TestUser, path = `/ws?room=${slug}`): Promise<SocketClient> {
  const socket = await SocketClient.open(app.url, path, who ? { cookie: who.cookie } : {});
  sockets.push(socket);
  await socket.next('live');
  return socket;
}

/** Lets the line to somebody take nothing more, as one whose buffers are full; until the answer is called. */
function clog({ user }: TestUser): () => void {
  const socket = app
    .get(Hub)
    .all()
    .find(({ viewer }) => viewer.account?.id === user.id)!;
  let drain: () => void;
  const drained = new Promise<void>((resolve) => {
    drain = resolve;
  });
  Object.defineProperty(socket, 'writable', { value: false, configurable: true });
  Object.defineProperty(socket, 'drained', { value: () => drained, configurable: true });
  return () => {
    Reflect.deleteProperty(socket, 'writable');
    Reflect.deleteProperty(socket, 'drained');
    drain();
  };
}

const aiFrames = (socket: SocketClient) => socket.frames.filter(({ event }) => event.startsWith('ai.'));

describe('a mention in a room', () => {
  it('is answered before everybody’s eyes, with the same words for all', async () => {
    const asker = await join(ann);
    const others = [await join(bob), await join(), await join()];
    model.otherwise = (call) => call.say('Hello', ' all', ' 👋');
    const { seq } = await asker.say('Hi @ai, who is here?');
    for (const socket of [asker, ...others]) {
      const { id } = await socket.next('ai.started', ({ replyTo }) => replyTo === seq);
      expect(await socket.next('message.posted', (data) => data.kind === 'ai')).toMatchObject({
        id,
        text: 'Hello all 👋',
        replyTo: seq,
        author: { id: 'ai', role: 'ai' },
        ai: { status: 'complete' },
      });
      expect(await socket.next('ai.ended')).toEqual({ id, status: 'complete', seq: seq + 1 });
      const deltas = socket.frames.flatMap((frame) => (frame.event === 'ai.delta' ? [frame.data.text] : []));
      expect(deltas.join('')).toBe('Hello all 👋');
    }
  });

  it('is heard at a live event too, and from whoever posts over HTTP', async () => {
    slug = await aRoom('stream');
    const socket = await join(undefined, `/ws/streaming?room=${slug}`);
    await ann.client.post(`/api/rooms/${slug}/messages`, { text: '@ai yes?', nonce: randomUUID() });
    expect(await socket.next('ai.ended')).toMatchObject({ status: 'complete', seq: 2 });
  });

  it('is shown to a latecomer from a snapshot on', async () => {
    const asker = await join(ann);
    model.otherwise = (call) => call.delta('One ');
    await asker.say('@ai count');
    const call = await model.call();
    await asker.find('ai.delta');
    const late = await join();
    const { id, n, text } = await late.find('ai.snapshot');
    expect({ n, text }).toEqual({ n: 1, text: 'One ' });
    late.send('sync', { id });
    expect(await late.next('ai.snapshot')).toMatchObject({ id, n: 1 });
    call.delta('two').finish().done();
    await late.find('ai.ended');
    expect(late.texts.at(-1)).toBe('One two');
  });

  it('is skipped by who reads too slowly, and made up for by a snapshot', async () => {
    const [asker, slow] = [await join(ann), await join(bob)];
    model.otherwise = (call) => call.delta('One ');
    await asker.say('@ai count');
    const call = await model.call();
    await slow.find('ai.delta');
    const unclog = clog(bob);
    for (const word of ['two ', 'three ', 'four ']) {
      call.delta(word);
      await asker.next('ai.delta', ({ text }) => text === word);
    }
    unclog();
    expect(await slow.next('ai.snapshot')).toMatchObject({ n: 4, text: 'One two three four ' });
    call.delta('five').finish().done();
    await slow.next('ai.ended');
    const numbers = slow.frames.flatMap((frame) => (frame.event === 'ai.delta' ? [frame.data.n] : []));
    expect(numbers).toEqual([1, 5]);
    expect(slow.texts.at(-1)).toBe('One two three four five');
    await asker.find('ai.ended');
    expect(asker.texts).toEqual(slow.texts);
  });

  it('is told of the room, one line of JSON for each person', async () => {
    const [one, two] = [await join(ann), await join(bob)];
    await one.say('The cake is ready');
    await two.say('@ai what is ready?');
    await two.next('ai.ended');
    const [system, ...rest] = model.calls[0]!.body.messages;
    expect(system!.content).not.toContain('cake');
    expect(rest.map(({ role }) => role)).toEqual(['user', 'user']);
    expect(JSON.parse(rest[0]!.content)).toMatchObject({
      from: ann.user.nickname,
      text: 'The cake is ready',
    });
    const all = JSON.stringify(model.calls[0]!.body);
    for (const secret of [ann.user.id, ann.username, bob.user.id, bob.username]) {
      expect(all).not.toContain(secret);
    }
  });

  it('is no mention in an edit, in code, in a retry or in the AI’s own words', async () => {
    const socket = await join(ann);
    model.otherwise = (call) => call.say('I am @ai and say @ai');
    const nonce = randomUUID();
    await socket.say('@ai hello', { nonce });
    await socket.next('ai.ended');
    await socket.say('@ai hello', { nonce });
    const { seq } = await socket.say('Nothing to see');
    socket.send('edit', { target: seq, text: '@ai now?', nonce: randomUUID() });
    await socket.next('message.changed');
    await socket.say('`@ai` mail@ai.com @airport');
    await socket.say('@ai the end');
    await socket.next('ai.ended');
    expect(model.calls).toHaveLength(2);
  });
});

describe('an answer in a room', () => {
  it('is stopped by who asked and by staff, and by nobody else', async () => {
    const moderator = await aModerator(app);
    const own = await aUser(app);
    const appointing = await admin.client.request('PUT', `/api/rooms/${slug}/moderators/${own.user.id}`);
    expect(appointing.status).toBeLessThan(300);
    for (const [stopper, may] of [
      [ann, true],
      [moderator, true],
      [own, true],
      [bob, false],
      [undefined, false],
    ] as const) {
      const [asker, other] = [await join(ann), await join(stopper)];
      model.otherwise = (call) => call.delta('So far');
      await asker.say('@ai go');
      const call = await model.call();
      const { id } = await other.find('ai.started');
      await other.find('ai.delta');
      other.send('stop', { id });
      if (may) {
        expect(await asker.next('ai.ended')).toMatchObject({ id, status: 'stopped' });
        await call.closed;
      } else {
        expect(await other.next('error')).toMatchObject({ code: 'auth.forbidden' });
        call.finish().done();
        expect(await asker.next('ai.ended')).toMatchObject({ id, status: 'complete' });
      }
      asker.close();
      other.close();
    }
  });

  const sanction = (body: object, place = `/api/rooms/${slug}`) =>
    admin.client.post(`${place}/sanctions`, { user: ann.user.id, ...body });

  it.each<[string, (seq: number, asker: SocketClient) => unknown]>([
    ['the question is removed', (target, asker) => asker.send('remove', { target, nonce: randomUUID() })],
    ['the room is closed', () => admin.client.patch(`/api/rooms/${slug}`, { archived: true })],
    ['who asked is banned', () => sanction({ action: 'ban' })],
    ['who asked is banned from the server', () => sanction({ action: 'ban' }, '/api')],
    ['the messages of who asked go', () => sanction({ action: 'timeout', removeMessages: true })],
  ])('is dropped when %s', async (_, happens) => {
    const [asker, other] = [await join(ann), await join(bob)];
    model.otherwise = (call) => call.delta('So far');
    const { seq } = await asker.say('@ai go');
    const call = await model.call();
    await other.find('ai.delta');
    await happens(seq, asker);
    expect(await other.next('ai.ended')).toEqual({ id: expect.any(String), status: 'stopped' });
    await call.closed;
    expect(other.texts).toHaveLength(1);
  });

  it('goes on when who asked is timed out, and their next question is refused with its message', async () => {
    const asker = await join(ann);
    model.otherwise = (call) => call.delta('So far');
    await asker.say('@ai go');
    const call = await model.call();
    await asker.find('ai.delta');
    await sanction({ action: 'timeout' });
    await expect(asker.say('@ai again')).rejects.toThrow('user.timed-out');
    call.finish().done();
    expect(await asker.next('ai.ended')).toMatchObject({ status: 'complete' });
    expect(model.calls).toHaveLength(1);
  });

  it('at home ends too when who asked is banned from the server', async () => {
    const home = await join(ann, `/ws/${randomUUID()}`);
    model.otherwise = (call) => call.delta('So far');
    home.send('ask', { text: 'go', nonce: randomUUID() });
    const call = await model.call();
    await home.find('ai.delta');
    expect((await sanction({ action: 'ban' }, '/api')).status).toBe(201);
    await call.closed;
    expect(await home.closed()).toBe(4003);
  });

  it('comes at most six times a minute, and only who asked is told so', async () => {
    const [asker, other] = [await join(admin), await join(bob)];
    for (let count = 1; count <= 6; count++) {
      await asker.say(`@ai number ${count}`);
      await asker.next('ai.ended');
    }
    const { seq } = await asker.say('@ai number 7');
    expect(await asker.next('error')).toMatchObject({
      code: 'rate.limited',
      replyTo: seq,
      retryAfterMs: expect.any(Number),
    });
    await other.find('message.posted', (data) => data.seq === seq);
    expect(other.frames.some(({ event }) => event === 'error')).toBe(false);
    expect(model.calls).toHaveLength(6);
  });

  it('is given up for a while after ten failures in a minute', async () => {
    model.otherwise = (call) => call.fail(401, {});
    for (let count = 0; count < 10; count++) {
      if (count % 5 === 0) {
        slug = await aRoom('chat');
        ann = await aUser(app);
      }
      const socket = await join(ann);
      await socket.say('@ai hello?');
      expect(await socket.next('ai.ended')).toMatchObject({ status: 'failed', code: 'ai.provider' });
      socket.close();
    }
    const socket = await join(bob);
    const { seq } = await socket.say('@ai hello?');
    expect(await socket.next('error')).toMatchObject({ code: 'ai.busy', replyTo: seq });
    expect(aiFrames(socket)).toEqual([]);
    expect(model.calls).toHaveLength(10);
  });
});

it('without a provider, who mentions the AI is told that it is off', async () => {
  const off = await startApp();
  const carl = await aUser(off);
  const socket = await SocketClient.open(off.url, '/ws?room=lobby', { cookie: carl.cookie });
  const { seq } = await socket.say('@ai hello?');
  expect(await socket.next('error')).toMatchObject({ code: 'ai.off', replyTo: seq });
  await off.stop();
});
