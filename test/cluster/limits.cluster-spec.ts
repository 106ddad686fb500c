import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { SocketSweep } from '../../src/auth/socket-sweep.js';
import { Bus } from '../../src/realtime/bus/bus.js';
import type { RedisBus } from '../../src/realtime/bus/redis.bus.js';
import { Hub } from '../../src/realtime/hub.js';
import type { PresenceView } from '../../src/protocol/views.js';
import { ApiClient } from '../support/api-client.js';
import type { TestApp } from '../support/app.js';
import { startCluster, type Cluster } from '../support/cluster.js';
import { eventually } from '../support/eventually.js';
import { anAdmin, aUser, uniqueAddress, type TestUser } from '../support/factories.js';
import { SocketClient } from '../support/socket-client.js';

let cluster: Cluster;
let one: TestApp;
let two: TestApp;
let three: TestApp;
beforeAll(async () => {
  cluster = await startCluster(3);
  [one, two, three] = cluster.nodes as [TestApp, TestApp, TestApp];
});
afterAll(() => cluster.stop());

const open = (node: TestApp, who?: Pick<TestUser, 'cookie'>, room = 'lobby') =>
  SocketClient.open(node.url, `/ws?room=${room}`, who ? { cookie: who.cookie } : {});

/** A room of its own, so that counts are of nobody else. */
async function aRoom(): Promise<string> {
  const admin = await anAdmin(one);
  const slug = `room-${Math.random().toString(36).slice(2, 10)}`;
  expect((await admin.client.post('/api/rooms', { slug, title: 'A room', kind: 'chat' })).status).toBe(201);
  return slug;
}

const presenceAt = async (node: TestApp, slug: string): Promise<PresenceView> =>
  (await node.client().get(`/api/rooms/${slug}`)).body.room.presence;

async function counts(
  slug: string,
  expected: PresenceView,
  nodes = cluster.nodes,
  options: { withinMs?: number } = {},
): Promise<void> {
  const seen: string[] = [];
  const started = performance.now();
  await eventually(
    `${JSON.stringify(expected)} everywhere`,
    async () => {
      const found = await Promise.all(nodes.map((node) => presenceAt(node, slug)));
      seen.push(JSON.stringify(found));
      return found.every((presence) => JSON.stringify(presence) === JSON.stringify(expected));
    },
    { seen: () => seen.at(-1)!, ...options },
  );
  console.log(`${JSON.stringify(expected)} after ${Math.round(performance.now() - started)} ms`);
}

describe('names', () => {
  it('of people on other nodes are told too, each once', async () => {
    const slug = await aRoom();
    const [ann, bob] = [await aUser(one), await aUser(two)];
    const sockets = await Promise.all([open(one, ann, slug), open(two, ann, slug), open(three, bob, slug)]);
    let named: string[] = [];
    await eventually(
      'both of them, asked where neither is alone',
      async () => {
        const { body } = await ann.client.get(`/api/rooms/${slug}/people`);
        named = body.people.map(({ id }: { id: string }) => id).toSorted();
        return named.length === 2;
      },
      { seen: () => named.join() },
    );
    expect(named).toEqual([ann.user.id, bob.user.id].toSorted());
    sockets.forEach((socket) => socket.close());
  });
});

describe('counts', () => {
  it('are of people, each once, over all nodes, also where nobody looks', { timeout: 60_000 }, async () => {
    const slug = await aRoom();
    const [ann, bob] = [await aUser(one), await aUser(two)];
    const sockets = await Promise.all([
      open(one, ann, slug),
      open(two, ann, slug),
      open(two, bob, slug),
      open(one, undefined, slug),
    ]);
    await counts(slug, { count: 3, sockets: 4 });
    sockets[0].close();
    await counts(slug, { count: 3, sockets: 3 });
    const { frames } = sockets[2];
    await eventually('being told', () =>
      frames.some(({ event, data }) => event === 'presence' && data.sockets === 3 && data.count === 3),
    );
    sockets.slice(1).forEach((socket) => socket.close());
    await counts(slug, { count: 0, sockets: 0 });
  });

  it('are right soon after a node died, and say when they are only nearly', { timeout: 90_000 }, async () => {
    const slug = await aRoom();
    const four = await cluster.join();
    await cluster.trusted();
    const [ann, bob] = [await aUser(one), await aUser(four)];
    const [here] = await Promise.all([
      open(one, ann, slug),
      open(four, bob, slug),
      open(four, undefined, slug),
    ]);
    await counts(slug, { count: 3, sockets: 3 });

    // Without a word, as if its machine had burnt down: nothing is said in its name any more.
    await (four.get(Bus) as RedisBus).link.close();
    const others = cluster.nodes.filter((node) => node !== four);
    await counts(slug, { count: 1, sockets: 1 }, others);
    await four.stop();
    cluster.nodes.splice(cluster.nodes.indexOf(four), 1);

    await cluster.redis.kill();
    await eventually('an estimate', async () => (await presenceAt(two, slug)).approx === true);
    await cluster.redis.start();
    await cluster.trusted();
    await counts(slug, { count: 1, sockets: 1 });
    here.close();
  });
});

describe('when Redis hangs for a moment', { timeout: 60_000 }, () => {
  it('nobody waits long, and nobody is counted twice afterwards', async () => {
    const slug = await aRoom();
    const ann = await aUser(one);
    const sockets = await Promise.all([
      open(one, ann, slug),
      open(two, ann, slug),
      open(three, undefined, slug),
    ]);
    await counts(slug, { count: 2, sockets: 3 });
    cluster.redis.signal('SIGSTOP');
    const waits: number[] = [];
    for (const number of [1, 2, 3]) {
      const said = performance.now();
      await sockets[0].say(`post ${number}`);
      waits.push(Math.round(performance.now() - said));
    }
    console.log(`a person's posts into a Redis that hangs: ${waits.join(', ')} ms`);
    await eventually('doubt', () => cluster.nodes.every((node) => !node.get(Bus).isTrusted));
    cluster.redis.signal('SIGCONT');
    await cluster.trusted();
    // What the nodes said before is still there, in Redis; it must not stand beside what they say now.
    await counts(slug, { count: 2, sockets: 3 }, cluster.nodes, { withinMs: 3000 });
    sockets.forEach((socket) => socket.close());
  });
});

describe('what a person may do', () => {
  // Where a node does not trust Redis it gives its share alone, and a machine that was busy makes it doubt for a moment.
  beforeEach(() => cluster.trusted());

  it('ends with their session on every node', async () => {
    const ann = await aUser(one);
    const sockets = await Promise.all([open(one, ann), open(two, ann), open(three, ann)]);
    const again = new ApiClient(two.url, uniqueAddress());
    expect((await again.post('/user/login', { username: ann.username, password: ann.password })).status).toBe(
      200,
    );
    const other = await open(three, again);
    expect((await ann.client.post('/user/logout')).status).toBe(204);
    expect(await Promise.all(sockets.map((socket) => socket.closed()))).toEqual([4001, 4001, 4001]);
    await other.say('still here');
    other.close();
  });

  it('follows a new name and role on every node', async () => {
    const [ann, admin] = [await aUser(one), await anAdmin(two)];
    const socket = await open(three, ann);
    await socket.next('live');
    expect((await admin.client.patch(`/api/users/${ann.user.id}`, { role: 'admin' })).status).toBe(200);
    await eventually('the new role', () =>
      three
        .get(Hub)
        .all()
        .some(({ viewer }) => viewer.account?.id === ann.user.id && viewer.account.role === 'admin'),
    );
    await socket.say('An announcement', { kind: 'admin' });
    socket.close();
  });

  it('is eleven posts in 30 s, wherever they are said', async () => {
    const ann = await aUser(one);
    const sockets = await Promise.all([open(one, ann), open(two, ann), open(three, ann)]);
    const answers = await Promise.allSettled(
      Array.from({ length: 15 }, (_, number) => sockets[number % 3]!.say(`post ${number}`)),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(11);
    sockets.forEach((socket) => socket.close());
  });

  it('keeps the order in which one socket sent it', async () => {
    const ann = await aUser(one);
    const socket = await open(one, ann);
    await socket.next('live');
    const nonces = Array.from({ length: 11 }, (_, number) => `in-order-${ann.user.id}-${number}`);
    nonces.forEach((nonce) => socket.send('say', { text: nonce, nonce }));
    const acks = await Promise.all(nonces.map((nonce) => socket.answerTo(nonce)));
    expect(acks.map(({ seq }) => seq)).toEqual(acks.map((_, index) => acks[0]!.seq + index));
    socket.close();
  });

  it('is ten sockets, also when they are opened all at once', async () => {
    const ann = await aUser(one);
    const opened = await Promise.all(
      Array.from({ length: 18 }, (_, number) =>
        SocketClient.attempt(cluster.nodes[number % 3]!.url, '/ws?room=lobby', { cookie: ann.cookie }),
      ),
    );
    const sockets = opened.filter((result) => result instanceof SocketClient);
    expect(sockets).toHaveLength(10);
    sockets.slice(0, 3).forEach((socket) => socket.close());
    await Promise.all(sockets.slice(0, 3).map((socket) => socket.closed()));
    const again = await eventually('a free seat', async () => {
      const result = await SocketClient.attempt(three.url, '/ws?room=lobby', { cookie: ann.cookie });
      return result instanceof SocketClient && result;
    });
    [...sockets, again].forEach((socket) => socket.close());
  });

  it('is five wrong passwords, wherever they are tried', async () => {
    const ann = await aUser(one);
    const address = uniqueAddress();
    const attempt = (number: number) =>
      new ApiClient(cluster.nodes[number % 3]!.url, address).post('/user/login', {
        username: ann.username,
        password: `wrong ${number}`,
      });
    const statuses: number[] = [];
    for (let number = 0; number < 7; number++) {
      statuses.push((await attempt(number)).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
  });
});

describe('without Redis', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    await cluster.redis.kill();
    await eventually('doubt', () => cluster.nodes.every((node) => !node.get(Bus).isTrusted));
  });
  afterAll(async () => {
    await cluster.redis.start();
    await cluster.trusted();
  });

  it('each node gives its share', async () => {
    const ann = await aUser(one);
    const socket = await open(one, ann);
    const answers = await Promise.allSettled(
      Array.from({ length: 11 }, (_, number) => socket.say(`post ${number}`)),
    );
    // A third of eleven.
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    socket.close();

    const bob = await aUser(two);
    const opened = await Promise.all(
      Array.from({ length: 6 }, () =>
        SocketClient.attempt(two.url, '/ws?room=lobby', { cookie: bob.cookie }),
      ),
    );
    const sockets = opened.filter((result) => result instanceof SocketClient);
    expect(sockets).toHaveLength(4);
    sockets.forEach((one) => one.close());
  });

  it('a session that ended elsewhere is found by the sweep', async () => {
    const ann = await aUser(one);
    const socket = await open(two, ann);
    await socket.next('live');
    await ann.client.post('/user/logout');
    await two.get(SocketSweep).sweep();
    expect(await socket.closed()).toBe(4001);
  });
});
