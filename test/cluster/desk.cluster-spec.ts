import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, it } from 'vitest';

import type { TestApp } from '../support/app.js';
import { ApiClient } from '../support/api-client.js';
import { startCluster, type Cluster } from '../support/cluster.js';
import { anAdmin, aRoomBy, aUser, type TestUser, uniqueName } from '../support/factories.js';
import { SocketClient } from '../support/socket-client.js';

let cluster: Cluster;
let one: TestApp;
let two: TestApp;
beforeAll(async () => {
  cluster = await startCluster(2);
  [one, two] = cluster.nodes as [TestApp, TestApp];
});
afterAll(() => cluster.stop());

/** The same person at another node. */
const at = (node: TestApp, who: TestUser) => {
  const client = new ApiClient(node.url, who.client.address);
  who.client.cookies.forEach((value, name) => client.cookies.set(name, value));
  return client;
};

it('is told to staff on other nodes, stands once whatever node it was made at, and ends everywhere', async () => {
  const [admin, ann, bob] = [await anAdmin(one), await aUser(one), await aUser(one)];
  const room = await aRoomBy(admin);
  const path = `/api/rooms/${room}`;
  const staff = await SocketClient.open(two.url, `/ws?room=${room}`, { cookie: admin.cookie });
  const { seq } = (await bob.client.post(`${path}/messages`, { text: 'from node one', nonce: randomUUID() }))
    .body;
  // The other node hears what is told of the room.
  await staff.find('message.posted', (data) => data.seq === seq);
  const answers = await Promise.all(
    [one, two, one, two].map((node) =>
      at(node, ann).post(`${path}/messages/${seq}/report`, { reason: 'spam' }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204]);
  expect(await staff.next('report.added')).toMatchObject({ target: seq, count: 1 });
  expect((await at(two, admin).get(`${path}/reports`)).body.reported).toMatchObject([{ count: 1 }]);

  await bob.client.delete(`${path}/messages/${seq}`, { nonce: randomUUID() });
  expect(await staff.next('report.settled')).toEqual({ target: seq, as: 'removed' });
  const late = await Promise.all(
    [one, two].map((node) => at(node, admin).post(`${path}/reports/${seq}/dismiss`)),
  );
  expect(late.map(({ status }) => status)).toEqual([404, 404]);
});

it('has a warning hold on the node that did not give it, from when it was answered', async () => {
  const [admin, bob] = [await anAdmin(one), await aUser(one)];
  const room = await aRoomBy(admin);
  const path = `/api/rooms/${room}`;
  const author = await SocketClient.open(two.url, `/ws?room=${room}`, { cookie: bob.cookie });
  const { body } = await admin.client.post(`${path}/warnings`, { user: bob.user.id, reason: 'be kind' });
  author.send('say', { text: 'too late', nonce: 'nonce-too-late' });
  expect(await author.next('error')).toMatchObject({ code: 'user.warned', nonce: 'nonce-too-late' });
  expect(await author.find('warned')).toMatchObject({ id: body.warning.id, reason: 'be kind' });
  const staff = await SocketClient.open(one.url, `/ws?room=${room}`, { cookie: admin.cookie });
  await at(two, bob).post(`${path}/warnings/${body.warning.id}/acknowledge`);
  expect(await staff.next('warning.acknowledged')).toEqual({ id: body.warning.id, user: bob.user.id });
  await author.say('kinder words');

  // Renamed on one node, told on the other: once for each node the person is on.
  const nickname = uniqueName('new');
  await bob.client.patch('/user/me', { nickname });
  expect(await staff.next('person.renamed')).toMatchObject({ user: { nickname }, from: bob.user.nickname });
});
