import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { AiSettings } from '../../src/ai/settings/ai.settings.js';
import { RoomHold } from '../../src/ai/watch/room-hold.service.js';
import type { TestApp } from '../support/app.js';
import { startCluster, type Cluster } from '../support/cluster.js';
import { anAdmin, aUser, uniqueName, type TestUser } from '../support/factories.js';
import { ModelServer } from '../support/model-server.js';
import { SocketClient } from '../support/socket-client.js';

let model: ModelServer;
let cluster: Cluster;
let one: TestApp;
let two: TestApp;
let admin: TestUser;
let room: string;
beforeAll(async () => {
  model = await ModelServer.start();
  cluster = await startCluster(2, { env: { OPENAI_BASE_URL: model.url } });
  [one, two] = cluster.nodes as [TestApp, TestApp];
  admin = await anAdmin(one);
  for (const node of cluster.nodes) {
    // No look is late by itself.
    await node.get(AiSettings).change({ watchMs: 60_000 });
  }
});
afterAll(async () => {
  await cluster.stop();
  await model.stop();
});
beforeEach(async () => {
  model.reset();
  room = uniqueName('r').replace('_', '-');
  await admin.client.post('/api/rooms', { slug: room, title: room, kind: 'chat' });
});

const enter = async (node: TestApp, who: TestUser) => {
  const socket = await SocketClient.open(node.url, `/ws?room=${room}`, { cookie: who.cookie });
  await socket.find('live');
  return socket;
};
const watch = (aiWatch: string) => admin.client.patch(`/api/rooms/${room}`, { settings: { aiWatch } });

it('looks at each message once, on the node that stored it, and tells the staff at all of them', async () => {
  await watch('flag');
  const ann = await aUser(one);
  const [here, there] = [await enter(one, admin), await enter(two, admin)];
  const author = await enter(two, ann);
  model.otherwise = (call) => call.say('91 hate');
  author.send('say', { text: 'bad', nonce: randomUUID() });
  for (const socket of [here, there]) {
    expect(await socket.next('report.added')).toMatchObject({
      message: { text: 'bad' },
      count: 1,
      reports: [{ by: { id: 'ai' }, reason: 'hate', score: 91 }],
    });
  }
  expect(model.calls).toHaveLength(1);
});

it('has a message wait on one node, and posts it once on all when it was looked at', async () => {
  await watch('hold');
  const ann = await aUser(one);
  const [here, there] = [await enter(one, admin), await enter(two, admin)];
  const author = await enter(two, ann);
  model.otherwise = (call) => call.say('12 other');
  const nonce = randomUUID();
  author.send('say', { text: 'good', nonce });
  const { id } = await author.next('held');
  for (const socket of [here, there, author]) {
    expect(await socket.next('message.posted')).toMatchObject({ id, nonce, text: 'good' });
  }
  model.otherwise = (call) => call.say('95 hate');
  author.send('say', { text: 'bad', nonce: randomUUID() });
  for (const socket of [here, there]) {
    expect(await socket.next('held.added')).toMatchObject({
      text: 'bad',
      why: 'ai',
      reason: 'hate',
      score: 95,
    });
  }
  // A node that thinks the other one gone does nothing about what is settled.
  await Promise.all([one, two].map((node) => node.get(RoomHold).sweep()));
  expect((await admin.client.get(`/api/rooms/${room}/held`)).body.held).toHaveLength(1);
});
