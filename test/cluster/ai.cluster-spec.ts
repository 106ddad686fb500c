import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';

import { GenerationsRepository } from '../../src/ai/generation/generations.repository.js';
import type { TestApp } from '../support/app.js';
import { startCluster, type Cluster } from '../support/cluster.js';
import { aModerator, aUser, type TestUser } from '../support/factories.js';
import { ModelServer } from '../support/model-server.js';
import { SocketClient } from '../support/socket-client.js';

let model: ModelServer;
let cluster: Cluster;
let one: TestApp;
let two: TestApp;
let ann: TestUser;
beforeAll(async () => {
  model = await ModelServer.start();
  cluster = await startCluster(2, { env: { OPENAI_BASE_URL: model.url } });
  [one, two] = cluster.nodes as [TestApp, TestApp];
  ann = await aUser(one);
});
afterAll(async () => {
  await cluster.stop();
  await model.stop();
});
afterEach(() => model.reset());

async function open(node: TestApp, path: string, who?: TestUser): Promise<SocketClient> {
  const socket = await SocketClient.open(node.url, path, who ? { cookie: who.cookie } : {});
  await socket.next('live');
  return socket;
}

/** The text of an answer as its deltas and snapshots make it; every delta must be the next one. */
function written(socket: SocketClient, id: string): string {
  let text = '';
  let next = 1;
  for (const { event, data } of socket.frames) {
    if (event === 'ai.snapshot' && data.id === id) {
      text = data.text;
      next = data.n + 1;
    } else if (event === 'ai.delta' && data.id === id && data.n >= next) {
      expect(data.n).toBe(next++);
      text += data.text;
    }
  }
  return text;
}

describe('an answer', () => {
  it('is written before the eyes of all nodes, also of whoever comes late, and stopped from any', async () => {
    // Runs are saved once a second: what is stopped before that must not be looked for there.
    const saving = vi.spyOn(one.get(GenerationsRepository), 'save').mockResolvedValue();
    onTestFinished(() => saving.mockRestore());
    model.otherwise = (call) => call.delta('One, ');
    const path = `/ws/${randomUUID()}`;
    const [here, there] = [await open(one, path, ann), await open(two, path, ann)];
    here.send('ask', { text: 'Count', nonce: randomUUID() });
    const call = await model.call();
    const { id } = await there.find('ai.started');
    await there.find('ai.delta');
    call.delta('two, ');
    await there.find('ai.delta', ({ n }) => n === 2);

    const three = await cluster.join();
    await cluster.trusted();
    const late = await open(three, path, ann);
    expect(await late.find('ai.snapshot')).toMatchObject({ id, text: 'One, two, ', status: 'running' });
    call.delta('three');
    await Promise.all([there, late].map((socket) => socket.find('ai.delta', ({ n }) => n === 3)));
    expect([here, there, late].map((socket) => written(socket, id))).toEqual(
      Array(3).fill('One, two, three'),
    );
    late.send('sync', { id });
    expect(await late.next('ai.snapshot', ({ n }) => n === 3)).toMatchObject({ text: 'One, two, three' });

    // While it is written here, nothing else is asked there.
    there.send('ask', { text: 'And now?', nonce: randomUUID() });
    expect(await there.next('error')).toMatchObject({ code: 'ai.busy' });

    late.send('stop', { id });
    for (const socket of [here, there, late]) {
      const { seq } = await socket.find('ai.ended', ({ status }) => status === 'stopped');
      expect(await socket.find('message.posted', (message) => message.id === id)).toMatchObject({
        seq,
        text: 'One, two, three',
        ai: { status: 'stopped' },
      });
      expect(socket.frames.filter(({ event }) => event === 'ai.ended')).toHaveLength(1);
      socket.close();
    }
    await three.stop();
    cluster.nodes.pop();
  });

  it('in a room is for everybody, and is ended from elsewhere by who asked and by staff alone', async () => {
    model.otherwise = (call) => call.delta('Well, ');
    const [bob, mod] = [await aUser(two), await aModerator(two)];
    const path = '/ws?room=lobby';
    const asking = await open(one, path, ann);
    const [reader, staff, self] = [
      await open(two, path, bob),
      await open(two, path, mod),
      await open(two, path, ann),
    ];

    asking.send('say', { text: '@ai go on', nonce: randomUUID() });
    const first = await reader.next('ai.started');
    await reader.next('ai.delta');
    reader.send('stop', { id: first.id });
    expect(await reader.next('error')).toMatchObject({ code: 'auth.forbidden' });
    staff.send('stop', { id: first.id });
    expect(await asking.next('ai.ended')).toMatchObject({ id: first.id, status: 'stopped' });

    asking.send('say', { text: '@ai and again', nonce: randomUUID() });
    const second = await self.next('ai.started', ({ id }) => id !== first.id);
    await self.next('ai.delta', ({ id }) => id === second.id);
    self.send('stop', { id: second.id });
    expect(await reader.find('ai.ended', ({ id }) => id === second.id)).toMatchObject({ status: 'stopped' });
    expect(written(reader, second.id)).toBe('Well, ');
    [asking, reader, staff, self].forEach((socket) => socket.close());
  });

  it('is dropped when its question is removed at another node', async () => {
    model.otherwise = (call) => call.delta('Let me see');
    const [asking, other] = [await open(one, '/ws?room=lobby', ann), await open(two, '/ws?room=lobby', ann)];
    const { seq } = await asking.say('@ai something I regret');
    const { id } = await other.find('ai.started', ({ replyTo }) => replyTo === seq);
    other.send('remove', { target: seq, nonce: randomUUID() });
    expect(await other.find('ai.ended', (ended) => ended.id === id)).toEqual({ id, status: 'stopped' });
    [asking, other].forEach((socket) => socket.close());
  });

  it('comes whole when Redis goes in the middle of it', { timeout: 60_000 }, async () => {
    model.otherwise = (call) => call.delta('Before, ');
    const path = `/ws/${randomUUID()}`;
    const [here, there] = [await open(one, path, ann), await open(two, path, ann)];
    here.send('ask', { text: 'Go', nonce: randomUUID() });
    const call = await model.call();
    const { id } = await there.find('ai.started');
    await there.find('ai.delta');
    await cluster.redis.kill();
    call.delta('and after').finish().usage(1, 1).done();
    expect(await there.find('message.posted', (message) => message.id === id)).toMatchObject({
      text: 'Before, and after',
    });
    expect(await there.find('ai.ended')).toMatchObject({ id, status: 'complete' });
    await cluster.redis.start();
    await cluster.trusted();
    [here, there].forEach((socket) => socket.close());
  });
});
