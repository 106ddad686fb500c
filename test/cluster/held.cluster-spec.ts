import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, it } from 'vitest';

import type { TestApp } from '../support/app.js';
import { startCluster, type Cluster } from '../support/cluster.js';
import { anAdmin, aRoomBy, aUser, type TestUser, uniqueName } from '../support/factories.js';
import { ApiClient } from '../support/api-client.js';
import { SocketClient } from '../support/socket-client.js';

let cluster: Cluster;
let one: TestApp;
let two: TestApp;
let admin: TestUser;
let bob: TestUser;
let room: string;
beforeAll(async () => {
  cluster = await startCluster(2);
  [one, two] = cluster.nodes as [TestApp, TestApp];
  [admin, bob] = [await anAdmin(one), await aUser(one)];
  room = await aRoomBy(admin);
  await admin.client.patch(`/api/rooms/${room}`, { settings: { hold: true } });
});
afterAll(() => cluster.stop());

const enter = (node: TestApp, who: TestUser) =>
  SocketClient.open(node.url, `/ws?room=${room}`, { cookie: who.cookie });
/** The same person at another node. */
const at = (node: TestApp, who: TestUser) => {
  const client = new ApiClient(node.url, who.client.address);
  who.client.cookies.forEach((value, name) => client.cookies.set(name, value));
  return client;
};

it('is told to staff, and its end to its author, on other nodes; two nodes decide once', async () => {
  const [author, staff] = [await enter(one, bob), await enter(two, admin)];
  // The other node hears what is told of the room.
  const { seq } = (
    await admin.client.post(`/api/rooms/${room}/messages`, { text: 'hello', nonce: randomUUID() })
  ).body;
  await staff.find('message.posted', (data) => data.seq === seq);
  for (const verbs of [
    ['approve', 'approve'],
    ['approve', 'deny'],
  ] as const) {
    const nonce = randomUUID();
    author.send('say', { text: 'from node one', nonce });
    const { id } = await author.next('held');
    expect(await staff.next('held.added')).toMatchObject({ id, text: 'from node one' });
    // The other node knows the nonce as well.
    const retry = await at(two, bob).post(`/api/rooms/${room}/messages`, { text: 'x', nonce });
    expect([retry.status, retry.body]).toEqual([202, { id, nonce }]);

    const answers = await Promise.all(
      verbs.map((verb, n) => at([one, two][n]!, admin).post(`/api/rooms/${room}/held/${id}/${verb}`)),
    );
    const statuses = answers.map(({ status }) => status);
    const { as } = await staff.next('held.settled', (data) => data.id === id);
    if (as === 'approved') {
      expect(statuses).toEqual(verbs[1] === 'approve' ? [200, 200] : [200, 404]);
      expect(new Set(answers.flatMap(({ body }) => body?.seq ?? [])).size).toBe(1);
      await author.find('message.posted', (data) => data.nonce === nonce);
    } else {
      expect(statuses).toEqual([404, 204]);
      await author.find('error', (data) => data.nonce === nonce);
    }
    expect(author.entries.filter(({ data }) => 'id' in data && data.id === id)).toHaveLength(
      as === 'approved' ? 1 : 0,
    );
  }
});

it('is hidden on every node at once, and noticed on none by whom it concerns', async () => {
  await admin.client.patch(`/api/rooms/${room}`, { settings: { hold: false } });
  const [carl, dora] = [await aUser(one), await aUser(two)];
  const [author, watcher, staff] = [await enter(one, carl), await enter(two, dora), await enter(two, admin)];
  const hidden = await at(two, admin).post(`/api/rooms/${room}/sanctions`, {
    user: carl.user.id,
    action: 'hide',
  });
  expect(hidden.status).toBe(201);
  const { seq } = await author.say('to nobody');
  expect(await staff.find('message.posted', (data) => data.seq === seq)).toMatchObject({ hidden: true });
  await watcher.find('message.withheld', (data) => data.seq === seq);
  expect(JSON.stringify(watcher.frames)).not.toContain('to nobody');
  const own = await author.find('message.posted', (data) => data.seq === seq);
  expect(own).not.toHaveProperty('hidden');
  expect(author.entries.filter(({ event }) => event === 'user.sanctioned')).toEqual([]);
});

it('is a guest on every node, and somebody who left is named on none', async () => {
  await admin.client.patch(`/api/rooms/${room}`, { settings: { guests: true } });
  const guest = new ApiClient(one.url, '10.7.7.7');
  const named = await guest.post('/user/guest', { nickname: uniqueName('g'), room });
  expect(named.status).toBe(201);
  const cookie = guest.cookie;
  const [elsewhere, leaver] = [
    await SocketClient.open(two.url, `/ws?room=${room}`, { cookie }),
    await aUser(one),
  ];
  // Its node has heard that guests may write.
  await elsewhere.find('room.changed', ({ settings }) => settings?.guests === true);
  const { seq } = await elsewhere.say('from a guest');
  const watcher = await enter(one, bob);
  expect(await watcher.find('message.posted', (data) => data.seq === seq)).toMatchObject({
    author: { id: named.body.user.id, guest: true },
  });
  const left = await enter(two, leaver);
  const { seq: said } = await left.say('before leaving');
  await watcher.find('message.posted', (data) => data.seq === said);
  const gone = await leaver.client.post('/user/delete', {
    currentPassword: leaver.password,
    messages: 'remove',
  });
  expect(gone.status).toBe(204);
  expect(await left.closed()).toBe(4001);
  await elsewhere.find('user.deleted', (data) => data.user.id === leaver.user.id);
  const late = await enter(two, bob);
  await late.find('live');
  expect(JSON.stringify(late.frames)).not.toContain('before leaving');
  expect(JSON.stringify(late.frames)).not.toContain(leaver.user.nickname);
});
