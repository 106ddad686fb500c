import { afterAll, beforeAll, expect, it } from 'vitest';

import type { TestApp } from '../support/app.js';
import { ApiClient } from '../support/api-client.js';
import { startCluster, type Cluster } from '../support/cluster.js';
import { anAdmin, aUser, uniqueName, type TestUser } from '../support/factories.js';
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

/** The administrator at another node. */
const at = (node: TestApp) => {
  const client = new ApiClient(node.url, admin.client.address);
  admin.client.cookies.forEach((value, name) => client.cookies.set(name, value));
  return client;
};
const aRoom = async () => {
  const slug = uniqueName('r').replace('_', '-');
  await admin.client.post('/api/rooms', { slug, title: slug, kind: 'stream' });
  return slug;
};
const enter = async (node: TestApp, room: string, who?: TestUser) => {
  const path = `/ws/streaming?room=${room}`;
  const socket = await SocketClient.open(node.url, path, who ? { cookie: who.cookie } : {});
  await socket.find('live');
  return socket;
};

it('leads and calls back the viewers of every node, one raid at a time, and counts a person at two nodes once', async () => {
  const [room, target] = [await aRoom(), await aRoom()];
  const ann = await aUser(one);
  const [here, there] = [await enter(one, room, ann), await enter(two, room, ann)];
  const [guest, watcher] = [await enter(two, room), await enter(one, target)];
  const answers = await Promise.all(
    [one, two, one, two].map((node) => at(node).post(`/api/rooms/${room}/raid`, { to: target })),
  );
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409]);
  const { id } = answers.find(({ status }) => status === 201)!.body.raid;
  for (const socket of [here, there, guest]) {
    expect(await socket.next('raid.started')).toMatchObject({ id, to: { slug: target } });
  }
  for (const node of [one, two]) {
    expect((await (await enter(node, room)).find('welcome')).raid).toMatchObject({ id });
  }
  [here, there, guest].forEach((socket) => socket.send('raid.go', { id }));
  const stops = await Promise.all([one, two].map((node) => at(node).delete(`/api/rooms/${room}/raid`)));
  expect(stops.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 404]);
  for (const socket of [here, there, guest]) {
    expect(await socket.next('raid.ended')).toEqual({ id, stopped: true });
  }
  const { raided } = await watcher.next('room.changed');
  expect(raided).toEqual({ from: { slug: room, title: room }, people: 2 });
  const { entries } = (await one.client().get(`/api/rooms/${target}/messages?after=0`)).body;
  expect(entries).toHaveLength(1);
});
