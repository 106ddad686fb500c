import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { REACTIONS_AT_ONCE, REACTIONS_WINDOW_MS } from '../../src/chat/reactions/reactions.service.js';
import { Clock } from '../../src/common/clock.js';
import type { TestApp } from '../support/app.js';
import { ApiClient } from '../support/api-client.js';
import { startCluster, type Cluster } from '../support/cluster.js';
import { eventually } from '../support/eventually.js';
import { anAdmin, aRoomBy, aUser, type TestUser } from '../support/factories.js';
import { SocketClient } from '../support/socket-client.js';

let cluster: Cluster;
let one: TestApp;
let two: TestApp;
let admin: TestUser;
beforeAll(async () => {
  cluster = await startCluster(2);
  [one, two] = cluster.nodes as [TestApp, TestApp];
  admin = await anAdmin(one);
});
afterAll(() => cluster.stop());

/** The same person at another node. */
const at = (node: TestApp, who: TestUser) => {
  const client = new ApiClient(node.url, who.client.address);
  who.client.cookies.forEach((value, name) => client.cookies.set(name, value));
  return client;
};
const aRoom = async () => {
  const slug = await aRoomBy(admin, 'stream');
  await admin.client.patch(`/api/rooms/${slug}`, { settings: { questions: true } });
  return slug;
};
const enter = async (node: TestApp, room: string, who?: TestUser) => {
  const socket = await SocketClient.open(
    node.url,
    `/ws/streaming?room=${room}`,
    who ? { cookie: who.cookie } : {},
  );
  await socket.find('live');
  return socket;
};

/** How many reactions a socket has been shown. */
const sum = (socket: SocketClient) =>
  socket.frames
    .flatMap((frame) => (frame.event === 'reactions' ? Object.values(frame.data.counts) : []))
    .reduce((all, count) => all + count, 0);

it('counts the reactions of all nodes, each once, and knows on every node who is timed out', async () => {
  const room = await aRoom();
  const [ann, bob] = [await aUser(one), await aUser(two)];
  const [here, there] = [await enter(one, room, ann), await enter(two, room, bob)];
  for (let n = 0; n < 5; n++) {
    here.send('react', { reaction: '❤️' });
    there.send('react', { reaction: '🎉' });
  }
  for (const socket of [here, there]) {
    await socket.find('reactions', () => sum(socket) >= 10);
  }
  await at(two, admin).post(`/api/rooms/${room}/sanctions`, {
    user: ann.user.id,
    action: 'timeout',
    seconds: 60,
  });
  await here.find('user.sanctioned');
  here.send('react', { reaction: '❤️' });
  expect(await here.next('error')).toMatchObject({ code: 'user.timed-out' });
  expect([sum(here), sum(there)]).toEqual([10, 10]);
});

it('allows one person as many reactions at two nodes as at one', async () => {
  const room = await aRoom();
  const ann = await aUser(one);
  const sockets = [await enter(one, room, ann), await enter(two, room, ann)];
  const began = performance.now();
  for (let n = 0; n < 2 * REACTIONS_AT_ONCE; n++) {
    sockets[n % 2]!.send('react', { reaction: '❤️' });
  }
  const refused = () => sockets.flatMap(({ frames }) => frames.filter(({ event }) => event === 'error'));
  await eventually(
    'all of them to be shown or refused',
    () => sum(sockets[0]!) + refused().length === 2 * REACTIONS_AT_ONCE,
  );
  const windows = 1 + Math.floor((performance.now() - began) / REACTIONS_WINDOW_MS);
  expect(sum(sockets[0]!)).toBeGreaterThanOrEqual(REACTIONS_AT_ONCE);
  expect(sum(sockets[0]!)).toBeLessThanOrEqual(windows * REACTIONS_AT_ONCE);
  expect(refused().every(({ data }) => 'code' in data && data.code === 'rate.limited')).toBe(true);
});

it('keeps a question back on all nodes where there is a delay', async () => {
  const room = await aRoom();
  await at(one, admin).patch(`/api/rooms/${room}`, { settings: { delay: 2 } });
  const ann = await aUser(one);
  const [viewer, staff] = [await enter(two, room), await enter(two, room, admin)];
  // The other node hears what is told of the room.
  await admin.client.post(`/api/rooms/${room}/messages`, { text: 'hello', nonce: randomUUID() });
  await staff.find('message.posted');
  const { question } = (await at(one, ann).post(`/api/rooms/${room}/questions`, { text: 'Soon?' })).body;
  await staff.next('question.asked');
  await viewer.next('question.asked');
  expect(two.get(Clock).now() - Date.parse(question.at)).toBeGreaterThanOrEqual(2000);
});

it('tells of questions and votes on all nodes, and counts a vote of one person at two nodes once', async () => {
  const room = await aRoom();
  const path = `/api/rooms/${room}/questions`;
  const [ann, bob] = [await aUser(one), await aUser(one)];
  const [here, there] = [await enter(one, room), await enter(two, room)];
  const { question } = (await at(two, ann).post(path, { text: 'Why?' })).body;
  for (const socket of [here, there]) {
    expect(await socket.next('question.asked')).toMatchObject({ id: question.id });
  }
  // Once in a minute, whatever node it is asked at.
  expect((await at(one, ann).post(path, { text: 'And why?' })).status).toBe(429);
  const answers = await Promise.all(
    [one, two, one, two].map((node) => at(node, bob).request('PUT', `${path}/${question.id}/vote`)),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  for (const socket of [here, there]) {
    await socket.find('question.votes', ({ votes }) => votes[question.id] === 1);
  }
  expect((await at(two, bob).get(path)).body.questions).toMatchObject([{ votes: 1, voted: true }]);
  const moved = await Promise.all(
    [one, two].map((node) => at(node, admin).post(`${path}/${question.id}/answer`)),
  );
  expect(moved.map(({ status }) => status)).toEqual([200, 200]);
  await there.find('question.asked', ({ status }) => status === 'answered');
  const { actions } = (await admin.client.get(`/api/rooms/${room}/actions?action=question.answer`)).body;
  expect(actions).toHaveLength(1);
});
