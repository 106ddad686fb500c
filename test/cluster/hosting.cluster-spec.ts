import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { TimersRunner } from '../../src/moderation/timers/timers.runner.js';
import { sql, type TestApp } from '../support/app.js';
import { ApiClient } from '../support/api-client.js';
import { startCluster, type Cluster } from '../support/cluster.js';
import { anAdmin, aRoomBy, aUser, type TestUser } from '../support/factories.js';
import { SocketClient } from '../support/socket-client.js';

let cluster: Cluster;
let one: TestApp;
let two: TestApp;
let admin: TestUser;
let bob: TestUser;
beforeAll(async () => {
  cluster = await startCluster(2);
  [one, two] = cluster.nodes as [TestApp, TestApp];
  [admin, bob] = [await anAdmin(one), await aUser(one)];
});
afterAll(() => cluster.stop());

/** The same person at another node. */
const at = (node: TestApp, who: TestUser) => {
  const client = new ApiClient(node.url, who.client.address);
  who.client.cookies.forEach((value, name) => client.cookies.set(name, value));
  return client;
};
const enter = (node: TestApp, room: string, who = bob) =>
  SocketClient.open(node.url, `/ws?room=${room}`, { cookie: who.cookie });

const aRoom = () => aRoomBy(admin);

it('has rules hold on the node that did not set them, and a consent on the one that did not take it', async () => {
  const room = await aRoom();
  const socket = await enter(two, room);
  await admin.client.patch(`/api/rooms/${room}`, { settings: { rules: 'Be kind.' } });
  socket.send('say', { text: 'unread', nonce: 'nonce-of-unread' });
  expect(await socket.next('error')).toMatchObject({ code: 'rules.unread' });
  await socket.find('room.changed');
  const { id } = (await at(one, bob).get(`/api/rooms/${room}/rules`)).body.rules;
  expect((await at(one, bob).post(`/api/rooms/${room}/rules/accept`, { id })).status).toBe(204);
  await socket.say('read');
});

it('says a timed message once, though every node looks', async () => {
  const room = await aRoom();
  const sockets = [await enter(one, room), await enter(two, room)];
  const timers = `/api/rooms/${room}/timers`;
  await admin.client.post(timers, { text: 'Follow us!', minutes: 5, messages: 0 });
  for (let times = 1; times <= 3; times += 1) {
    await sql(
      one,
      `UPDATE timers SET due_at = ${times} WHERE room_id = (SELECT id FROM rooms WHERE slug = '${room}')`,
    );
    await Promise.all([one, two, one, two].map((node) => node.get(TimersRunner).look()));
    for (const socket of sockets) {
      await socket.next('message.posted', ({ kind, text }) => kind === 'system' && text === 'Follow us!');
    }
  }
  const nonce = randomUUID();
  await at(two, bob).post(`/api/rooms/${room}/messages`, { text: 'the end', nonce });
  for (const socket of sockets) {
    await socket.find('message.posted', ({ text }) => text === 'the end');
    expect(socket.texts).toEqual(['Follow us!', 'Follow us!', 'Follow us!', 'the end']);
  }
});

it('has one event at a time, told on every node, whose newcomers begin with it', async () => {
  const room = await aRoom();
  const sessions = `/api/rooms/${room}/sessions`;
  const sockets = [await enter(one, room), await enter(two, room)];
  await at(two, bob).post(`/api/rooms/${room}/messages`, { text: 'before', nonce: randomUUID() });
  const answers = await Promise.all([one, two, one, two].map((node) => at(node, admin).post(sessions, {})));
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409]);
  for (const socket of sockets) {
    await socket.find('room.changed', ({ session }) => session !== undefined);
  }
  await at(one, bob).post(`/api/rooms/${room}/messages`, { text: 'during', nonce: randomUUID() });
  await sockets[1]!.find('message.posted', ({ text }) => text === 'during');
  for (const node of [one, two]) {
    const late = await enter(node, room);
    await late.find('live');
    expect(late.texts).toEqual(['during']);
  }
  await Promise.all([one, two, one].map((node) => at(node, admin).post(`${sessions}/end`)));
  const end = { text: 'the end', nonce: randomUUID() };
  await at(two, bob).post(`/api/rooms/${room}/messages`, end);
  for (const socket of sockets) {
    await socket.find('message.posted', ({ text }) => text === 'the end');
    const told = socket.entries.flatMap(({ event, data }) => (event === 'room.changed' ? data.session : []));
    expect(told.map((session) => session?.endedAt !== undefined)).toEqual([false, true]);
  }
});
