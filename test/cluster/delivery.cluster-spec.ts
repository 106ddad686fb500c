import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { TestApp } from '../support/app.js';
import { startCluster, type Cluster } from '../support/cluster.js';
import { eventually } from '../support/eventually.js';
import { anAdmin, aUser, type TestUser } from '../support/factories.js';
import { SocketClient } from '../support/socket-client.js';

let cluster: Cluster;
let one: TestApp;
let two: TestApp;
let ann: TestUser;
beforeAll(async () => {
  cluster = await startCluster(2);
  [one, two] = cluster.nodes as [TestApp, TestApp];
  ann = await anAdmin(one);
});
afterAll(() => cluster.stop());

const open = (node: TestApp, who: Partial<TestUser> = {}, query = '') =>
  SocketClient.open(
    node.url,
    `/ws?room=lobby${query}`,
    who.cookie === undefined ? {} : { cookie: who.cookie },
  );

async function metric(node: TestApp, name: string): Promise<number> {
  const { text } = await node.client().get('/metrics');
  return Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN);
}

/** Says so much from both nodes at once; answers when both readers have all of it, alike. */
async function talk(prefix: string, count: number): Promise<void> {
  const writers = await Promise.all([open(one, ann), open(two, ann)]);
  const readers = await Promise.all([open(one), open(two)]);
  await Promise.all(readers.map((reader) => reader.next('live')));
  for (let number = 0; number < count; number++) {
    writers.forEach((writer, node) =>
      writer.send('say', { text: `${prefix} ${number}`, nonce: `${prefix}-${node}-${number}` }),
    );
  }
  const last = await Promise.all(
    writers.map((writer, node) => writer.answerTo(`${prefix}-${node}-${count - 1}`)),
  );
  const head = Math.max(...last.map(({ seq }) => seq));
  await Promise.all(readers.map((reader) => reader.find('message.posted', ({ seq }) => seq === head)));
  const [here, there] = readers.map(({ entries }) =>
    entries.filter(({ data }) => data.seq > head - 2 * count),
  );
  expect(here).toHaveLength(2 * count);
  expect(there).toEqual(here);
  expect(here!.map(({ data }) => data.seq)).toEqual(here!.map((_, index) => head - 2 * count + 1 + index));
  [...writers, ...readers].forEach((socket) => socket.close());
}

describe('two nodes', () => {
  it('are one server: accounts, sessions and rooms', async () => {
    expect((await ann.client.get('/user/me')).status).toBe(200);
    const me = await fetch(`${two.url}/user/me`, { headers: { cookie: ann.cookie } });
    expect(me.status).toBe(200);
  });

  it('show everybody the same entries in the same order, both writing at once', async () => {
    const before = await metric(one, 'madang_repaired_entries_total');
    await talk('both', 300);
    console.log(
      `repaired on the first node: ${(await metric(one, 'madang_repaired_entries_total')) - before}`,
    );
  });

  it('let somebody go on at one where they were at the other', async () => {
    const reader = await open(one);
    const { epoch, head } = await reader.next('welcome');
    await reader.next('live');
    reader.close();
    const writer = await open(one, ann);
    const { seq } = await writer.say('while they were away');
    const back = await open(two, {}, `&after=${head}&epoch=${epoch}`);
    expect(await back.next('welcome')).toMatchObject({ mode: 'resume', epoch });
    await back.find('message.posted', (message) => message.seq === seq);
    expect(back.entries.map(({ data }) => data.seq)).toEqual([head + 1]);
    [writer, back].forEach((socket) => socket.close());
  });

  it('F19: store once what is said to both at the same time, and answer both alike', async () => {
    const [here, there] = [await open(one, ann), await open(two, ann)];
    const nonces = Array.from({ length: 50 }, () => randomUUID());
    const answers = await Promise.all(
      nonces.flatMap((nonce) => [here.say('the same', { nonce }), there.say('the same', { nonce })]),
    );
    for (let index = 0; index < answers.length; index += 2) {
      const [a, b] = [answers[index]!, answers[index + 1]!];
      expect(a.seq).toBe(b.seq);
      expect(a.dup ?? false).not.toBe(b.dup ?? false);
    }
    [here, there].forEach((socket) => socket.close());
  });

  it('never send a text again that the other has removed', async () => {
    const [here, there] = [await open(one, ann), await open(two)];
    const { seq } = await here.say('to be removed');
    await there.find('message.posted', (message) => message.seq === seq);
    here.send('remove', { target: seq, nonce: randomUUID() });
    await there.find('message.removed', ({ target }) => target === seq);
    there.send('history', { before: seq + 1, limit: 1 });
    const { entries } = await there.next('history');
    expect(entries).toMatchObject([{ event: 'message.posted', data: { seq, text: null, removed: true } }]);
    const late = await open(two, {});
    await late.next('live');
    expect(JSON.stringify(late.frames)).not.toContain('to be removed');
    [here, there, late].forEach((socket) => socket.close());
  });

  it('know of changes to a room that nobody has open at the other', async () => {
    const slug = `quiet-${randomUUID().slice(0, 8)}`;
    await ann.client.post('/api/rooms', { slug, title: 'Quiet', kind: 'chat' });
    const reader = await SocketClient.open(two.url, `/ws?room=${slug}`);
    await reader.next('live');
    await ann.client.patch(`/api/rooms/${slug}`, { title: 'Louder' });
    expect(await reader.next('room.changed')).toMatchObject({ title: 'Louder' });
    reader.close();
  });
});

describe('when Redis fails', { timeout: 60_000 }, () => {
  const ready = async (node: TestApp) => {
    const { status, text } = await node.client().get('/health/ready');
    return `${status} ${text}`;
  };

  /** How long an entry takes from the ack at one node to a reader at the other. */
  async function delays(count: number): Promise<number[]> {
    const [writer, reader] = [await open(one, ann), await open(two)];
    await reader.next('live');
    const found: number[] = [];
    for (let number = 0; number < count; number++) {
      const { seq } = await writer.say(`timed ${number}`);
      const started = performance.now();
      await reader.find('message.posted', (message) => message.seq === seq);
      found.push(Math.round(performance.now() - started));
    }
    [writer, reader].forEach((socket) => socket.close());
    return found.sort((a, b) => a - b);
  }

  it('everything is delivered a little later, and probes say that it is degraded', async () => {
    console.log(`ms with Redis: ${(await delays(20)).join(' ')}`);
    const watcher = await open(two);
    await watcher.next('live');
    await cluster.redis.kill();
    await eventually('degraded', async () => (await ready(two)) === '200 {"status":"degraded"}');
    console.log(`ms without Redis: ${(await delays(20)).join(' ')}`);
    await talk('without', 200);

    const started = performance.now();
    await cluster.redis.start();
    await cluster.trusted();
    console.log(`trusted again after ${Math.round(performance.now() - started)} ms`);
    for (const node of [one, two]) {
      await eventually('well', async () => (await ready(node)) === '200 {"status":"ok"}');
    }
    await talk('again', 100);
    // Nobody was sent away meanwhile, and nothing is missing.
    await watcher.find('message.posted', ({ text }) => text === 'again 99');
    const seqs = watcher.entries.map(({ data }) => data.seq);
    expect(seqs).toEqual(seqs.map((_, index) => seqs[0]! + index));
    watcher.close();
  });

  it('and hangs, everything is stored and delivered as well', async () => {
    cluster.redis.signal('SIGSTOP');
    await talk('hung', 100);
    await eventually('degraded', async () => (await ready(one)) === '200 {"status":"degraded"}');
    cluster.redis.signal('SIGCONT');
    await cluster.trusted();
    await talk('no longer hung', 100);
  });

  it('a node starts without it', async () => {
    await cluster.redis.kill();
    const three = await cluster.join();
    const bob = await aUser(three);
    const [here, there] = [await open(one), await open(three, bob)];
    const { seq } = await there.say('hello from the new one');
    await here.find('message.posted', (message) => message.seq === seq);
    await cluster.redis.start();
    await cluster.trusted();
    [here, there].forEach((socket) => socket.close());
  });
});
