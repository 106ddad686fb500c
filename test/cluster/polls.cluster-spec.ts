import { afterAll, beforeAll, expect, it } from 'vitest';

import { PollCourse } from '../../src/moderation/polls/poll.course.js';
import type { TestApp } from '../support/app.js';
import { ApiClient } from '../support/api-client.js';
import { startCluster, type Cluster } from '../support/cluster.js';
import { anAdmin, aRoomBy, aUser, type TestUser } from '../support/factories.js';
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

it('counts one vote of a person who votes at two nodes, shows it at both, and ends once', async () => {
  const [admin, ann, bob] = [await anAdmin(one), await aUser(one), await aUser(one)];
  const room = await aRoomBy(admin);
  const path = `/api/rooms/${room}/polls`;
  const [here, there] = [
    await SocketClient.open(one.url, `/ws?room=${room}`),
    await SocketClient.open(two.url, `/ws?room=${room}`),
  ];
  const wanted = { question: 'Which?', choices: ['A', 'B'], seconds: 600 };
  // Two of the staff at once, on two nodes: one poll.
  const starts = await Promise.all([one, two].map((node) => at(node, admin).post(path, wanted)));
  expect(new Set(starts.map(({ status }) => status))).toEqual(new Set([201, 409]));
  const opened = await there.next('room.poll-opened');
  await here.next('room.poll-opened');

  const vote = (node: TestApp, who: TestUser, choice: number) =>
    at(node, who).request('PUT', `${path}/${opened.id}/vote`, { choice });
  const votes = await Promise.all([one, two, one, two].map((node, index) => vote(node, ann, index % 2)));
  expect(votes.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  await vote(two, ann, 0);
  await vote(two, bob, 1);
  for (const watcher of [here, there]) {
    await watcher.find('poll.counts', ({ counts }) => counts[0] === 1 && counts[1] === 1);
  }
  expect(
    (
      await SocketClient.open(one.url, `/ws?room=${room}`, { cookie: ann.cookie }).then((socket) =>
        socket.find('welcome'),
      )
    ).poll,
  ).toMatchObject({
    id: opened.id,
    vote: 0,
  });

  // Votes while it is being ended on both: what was answered with 200 is in the result.
  const late = Promise.all(
    Array.from({ length: 6 }, (_, n) =>
      aUser(n % 2 ? one : two).then((who) => vote(n % 2 ? one : two, who, 1)),
    ),
  );
  const ends = Promise.all([one, two].map((node) => at(node, admin).post(`${path}/${opened.id}/end`)));
  const [answers] = await Promise.all([late, ends]);
  await Promise.all([one, two].map((node) => node.get(PollCourse).look()));
  const taken = answers.filter(({ status }) => status === 200).length;
  for (const watcher of [here, there]) {
    expect(await watcher.next('room.poll-closed')).toMatchObject({
      counts: [1, 1 + taken],
      opened: opened.seq,
    });
    expect(watcher.entries.filter(({ event }) => event === 'room.poll-closed')).toHaveLength(1);
  }
});
