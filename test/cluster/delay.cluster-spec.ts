import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { Clock } from '../../src/common/clock.js';
import { ApiClient } from '../support/api-client.js';
import type { TestApp } from '../support/app.js';
import { startCluster, type Cluster } from '../support/cluster.js';
import { anAdmin, aRoomBy, aUser, type TestUser } from '../support/factories.js';
import { SocketClient } from '../support/socket-client.js';

/** Longer than any test runs. */
const LONG = 60;

let cluster: Cluster;
let one: TestApp;
let two: TestApp;
let admin: TestUser;
let ann: TestUser;
let bob: TestUser;
let room: string;
beforeAll(async () => {
  cluster = await startCluster(2);
  [one, two] = cluster.nodes as [TestApp, TestApp];
  admin = await anAdmin(one);
});
afterAll(() => cluster.stop());
beforeEach(async () => {
  [ann, bob] = [await aUser(one), await aUser(one)];
  room = await aRoomBy(admin);
});

async function enter(node: TestApp, who: TestUser, more = ''): Promise<SocketClient> {
  const socket = await SocketClient.open(node.url, `/ws?room=${room}${more}`, { cookie: who.cookie });
  await socket.next('live');
  return socket;
}

/** The same person at another node. */
const at = (node: TestApp, who: TestUser) => {
  const client = new ApiClient(node.url, who.client.address);
  who.client.cookies.forEach((value, name) => client.cookies.set(name, value));
  return client;
};

const set = async (node: TestApp, delay: number) =>
  expect((await at(node, admin).patch(`/api/rooms/${room}`, { settings: { delay } })).status).toBe(200);

async function say(node: TestApp, text: string, who = ann): Promise<number> {
  const answer = await at(node, who).post(`/api/rooms/${room}/messages`, { text, nonce: randomUUID() });
  expect(answer.status, answer.text).toBe(201);
  return answer.body.seq;
}

const seqsOf = (socket: SocketClient) => socket.entries.map(({ data }) => data.seq);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

it('is kept by every node, whichever it was set and spoken at', async () => {
  const [staff, here, there] = [await enter(two, admin), await enter(one, bob), await enter(two, bob)];
  await set(one, 1);
  await Promise.all([here, there].map((socket) => socket.next('room.changed')));
  const seq = await say(one, 'in a second');
  const { at: saidAt } = await staff.find('message.posted', (data) => data.seq === seq);
  await Promise.all([here, there].map((socket) => socket.find('message.posted')));
  // Not before its time, by each node's own clock.
  for (const node of [one, two]) {
    expect(node.get(Clock).now() - Date.parse(saidAt)).toBeGreaterThanOrEqual(1000);
  }

  await set(two, LONG);
  const removed = await say(one, 'secret');
  await staff.find('message.posted', (data) => data.seq === removed);
  expect((await at(two, admin).delete(`/api/rooms/${room}/messages/${removed}`)).status).toBe(200);
  await say(two, 'and on');
  await set(one, 0);
  for (const socket of [here, there]) {
    await socket.find('message.posted', ({ text }) => text === 'and on');
    await socket.find('room.changed', ({ settings }) => settings?.delay === 0);
    expect(seqsOf(socket)).toEqual(range(1, 7));
    expect(JSON.stringify(socket.frames)).not.toContain('secret');
  }
});

it('lets who has seen more resume on a node that has just opened the room', async () => {
  const first = await enter(one, bob);
  await say(one, 'before');
  await say(one, 'it began');
  await set(one, LONG);
  await first.find('room.changed');
  const { epoch } = await first.find('welcome');
  // Nobody was at this node: what it knows of the past is how old it is.
  const second = await enter(two, bob, `&after=3&epoch=${epoch}`);
  expect(await second.find('welcome')).toMatchObject({ mode: 'resume', head: 0 });
  const fresh = await enter(two, ann);
  expect(await fresh.find('welcome')).toMatchObject({ mode: 'snapshot', head: 0 });
  await say(one, 'kept back');
  await set(two, 1);
  await Promise.all(
    [first, second, fresh].map((socket) =>
      socket.find('room.changed', ({ settings }) => settings?.delay === 1),
    ),
  );
  expect([first, second, fresh].map(seqsOf)).toEqual([range(1, 5), range(4, 5), range(1, 5)]);
});

it('follows a rank that is given at another node', async () => {
  const [viewer, other] = [await enter(two, bob), await enter(two, ann)];
  await set(one, LONG);
  await other.find('room.changed');
  await say(one, 'for staff');
  const path = `/api/rooms/${room}/moderators/${bob.user.id}`;
  expect((await admin.client.request('PUT', path, {})).status).toBeLessThan(300);
  await viewer.find('message.posted', ({ text }) => text === 'for staff');
  await viewer.find('user.role-changed');
  expect((await at(two, bob).get(`/api/rooms/${room}/messages`)).text).toContain('for staff');
  expect(other.texts).toEqual([]);
  expect(seqsOf(viewer)).toEqual(range(1, 3));
});
