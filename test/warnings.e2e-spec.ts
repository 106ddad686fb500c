import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import type { TestApp } from './support/app.js';
import { aRoomBy, aUser, type TestUser } from './support/factories.js';
import { startWithStaff } from './support/staffed.js';
import { SocketClient } from './support/socket-client.js';

let app: TestApp;
let admin: TestUser;
let moderator: TestUser;
let ann: TestUser;
let bob: TestUser;
let room: string;
beforeAll(async () => {
  ({ app, admin, moderator } = await startWithStaff());
  ann = await aUser(app);
});
afterAll(() => app.stop());
beforeEach(async () => {
  bob = await aUser(app);
  room = await aRoomBy(admin);
});

const path = (below: string) => `/api/rooms/${room}/${below}`;
const enter = (person: TestUser) => SocketClient.open(app.url, `/ws?room=${room}`, { cookie: person.cookie });
const say = (person: TestUser, text: string, nonce: string = randomUUID(), where = room) =>
  person.client.post(`/api/rooms/${where}/messages`, { text, nonce });
const warn = (user: string, reason = 'please be kind', by = moderator, more = {}) =>
  by.client.post(path('warnings'), { user, reason, ...more });
const acknowledge = (id: string, by = bob) => by.client.post(path(`warnings/${id}/acknowledge`));
const codeOf = async (answer: ReturnType<typeof say>) => (await answer).body?.error?.code ?? null;

it('is told to one person, who can say nothing more in that room until they acknowledge it', async () => {
  const [author, watcher, staff] = [await enter(bob), await enter(ann), await enter(moderator)];
  const { seq } = (await say(bob, 'rude words')).body;
  const nonce = randomUUID();
  const kept = await say(bob, 'said before', nonce);
  const { status, body } = await warn(bob.user.nickname);
  expect(status).toBe(201);
  expect(body.warning).toMatchObject({
    user: { id: bob.user.id },
    reason: 'please be kind',
    by: { id: moderator.user.id },
    acknowledgedAt: null,
  });
  const { id } = body.warning;
  expect(await author.next('warned')).toEqual({ id, reason: 'please be kind', at: expect.any(String) });

  author.send('say', { text: 'more', nonce: 'nonce-warned-1' });
  expect(await author.next('error')).toMatchObject({ code: 'user.warned', nonce: 'nonce-warned-1' });
  const edit = { text: 'kinder', nonce: randomUUID() };
  expect(await codeOf(bob.client.patch(path(`messages/${seq}`), edit))).toBe('user.warned');
  // A retry is answered as the first time; words are taken back; other rooms are open.
  expect((await say(bob, 'said before', nonce)).body).toEqual({ ...kept.body, dup: true });
  expect((await bob.client.delete(path(`messages/${seq}`), { nonce: randomUUID() })).status).toBe(200);
  expect((await say(bob, 'elsewhere', randomUUID(), 'lobby')).status).toBe(201);

  // Whoever comes back is told, by the socket and over HTTP.
  const again = await enter(bob);
  expect((await again.find('welcome')).warnings).toEqual([
    { id, reason: 'please be kind', at: expect.any(String) },
  ]);
  expect((await bob.client.get(path('warnings'))).body.warnings).toHaveLength(1);

  expect((await acknowledge(id)).status).toBe(204);
  for (const socket of [author, again, staff]) {
    expect(await socket.find('warning.acknowledged')).toEqual({ id, user: bob.user.id });
  }
  expect((await acknowledge(id)).status).toBe(204);
  expect((await say(bob, 'kind words')).status).toBe(201);
  await watcher.find('message.posted', ({ text }) => text === 'kind words');
  expect(JSON.stringify(watcher.frames)).not.toMatch(/warn|be kind/);
  expect((await (await enter(bob)).find('welcome')).warnings).toBeUndefined();
  await staff.find('staff.action');
  expect(staff.frames.filter(({ event }) => event === 'staff.action')).toMatchObject([
    { data: { action: 'user.warn', user: { id: bob.user.id }, reason: 'please be kind' } },
  ]);
});

it('is one for each nonce, and several are acknowledged up to the one that was read', async () => {
  const nonce = 'nonce-of-warning';
  const first = await warn(bob.user.id, 'first', moderator, { nonce });
  expect((await warn(bob.user.id, 'first', moderator, { nonce })).body).toEqual(first.body);
  const second = (await warn(bob.user.id, 'second')).body.warning;
  const third = (await warn(bob.user.id, 'third')).body.warning;
  const open = async () =>
    (await bob.client.get(path('warnings'))).body.warnings.map(({ reason }: { reason: string }) => reason);
  expect(await open()).toEqual(['first', 'second', 'third']);
  await acknowledge(second.id);
  expect(await open()).toEqual(['third']);
  expect(await codeOf(say(bob, 'not yet'))).toBe('user.warned');
  await acknowledge(third.id);
  expect((await say(bob, 'now')).status).toBe(201);
});

it('holds for whatever is said at the same time: nothing is stored after it was answered', async () => {
  const socket = await enter(bob);
  const warned = warn(bob.user.id);
  const nonces = Array.from({ length: 8 }, () => randomUUID());
  for (const nonce of nonces) {
    socket.send('say', { text: 'at the same time', nonce });
  }
  expect((await warned).status).toBe(201);
  const late = await say(bob, 'too late');
  expect(late.body.error.code).toBe('user.warned');
});

it('closes what was reported of the person', async () => {
  const staff = await enter(moderator);
  const { seq } = (await say(bob, 'words')).body;
  await ann.client.post(path(`messages/${seq}/report`), { reason: 'spam' });
  await warn(bob.user.id);
  expect(await staff.next('report.settled')).toEqual({ target: seq, as: 'sanctioned' });
});

it('is given by staff to whom they may act on, and read by that person alone', async () => {
  const { id } = (await warn(bob.user.id)).body.warning;
  expect((await acknowledge(id, ann)).status).toBe(404);
  expect((await acknowledge(id, moderator)).status).toBe(404);
  expect((await acknowledge('nothing')).status).toBe(404);
  expect((await bob.client.post(`/api/rooms/lobby/warnings/${id}/acknowledge`)).status).toBe(404);
  expect((await ann.client.get(path('warnings'))).body.warnings).toEqual([]);
  expect((await app.client().get(path('warnings'))).status).toBe(401);
  expect(await codeOf(warn(bob.user.id, 'x', ann))).toBe('auth.forbidden');
  expect(await codeOf(warn(admin.user.id))).toBe('auth.forbidden');
  expect(await codeOf(warn(moderator.user.id))).toBe('auth.forbidden');
  expect(await codeOf(warn('nobody-at-all'))).toBe('not-found');
  expect(await codeOf(warn(bob.user.id, '   '))).toBe('frame.invalid');
  expect(await codeOf(warn(bob.user.id, 'x'.repeat(501)))).toBe('frame.invalid');
});
