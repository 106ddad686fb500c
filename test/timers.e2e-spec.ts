import { randomUUID } from 'node:crypto';

import { SchedulerRegistry } from '@nestjs/schedule';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { TimersRunner } from '../src/moderation/timers/timers.runner.js';
import { sql, type TestApp } from './support/app.js';
import { MINUTE, TestClock } from './support/clock.js';
import { aRoomBy, aUser, type TestUser } from './support/factories.js';
import { startWithStaff } from './support/staffed.js';
import { SocketClient } from './support/socket-client.js';

const clock = new TestClock();
let app: TestApp;
let admin: TestUser;
let moderator: TestUser;
let ann: TestUser;
let room: string;
beforeAll(async () => {
  ({ app, admin, moderator } = await startWithStaff({ clock }));
  ann = await aUser(app);
  // The test alone looks: a look that finds another one at work leaves the room to that.
  const schedule = app.get(SchedulerRegistry);
  schedule.getIntervals().forEach((name) => schedule.deleteInterval(name));
});
afterAll(() => app.stop());
beforeEach(async () => {
  room = await aRoom();
});

const aRoom = () => aRoomBy(admin);
const path = (below = '', where = room) => `/api/rooms/${where}/timers${below}`;
const add = (timer: object, by = moderator) =>
  by.client.post(path(), { text: 'Follow us!', minutes: 15, messages: 0, ...timer });
const list = async () => (await moderator.client.get(path())).body.timers;
const look = () => app.get(TimersRunner).look();
const enter = () => SocketClient.open(app.url, `/ws?room=${room}`, { cookie: ann.cookie });
const codeOf = async (answer: ReturnType<typeof add>) => (await answer).body?.error?.code ?? null;

/** What the room has said by itself. */
async function said(): Promise<string[]> {
  const { entries } = (await ann.client.get(`/api/rooms/${room}/messages?limit=200`)).body;
  return entries.flatMap(({ data }: { data: { kind?: string; text?: string } }) =>
    data.kind === 'system' ? [data.text] : [],
  );
}

it('is said by the room each time its interval is over, once', async () => {
  const watcher = await enter();
  expect((await add({})).body.timer).toEqual({
    number: 1,
    text: 'Follow us!',
    minutes: 15,
    messages: 0,
    enabled: true,
    dueAt: expect.any(String),
  });
  clock.advance(14 * MINUTE);
  await look();
  expect(await said()).toEqual([]);
  clock.advance(MINUTE);
  await look();
  await look();
  expect(await watcher.next('message.posted')).toMatchObject({
    kind: 'system',
    author: null,
    text: 'Follow us!',
  });
  clock.advance(15 * MINUTE);
  await look();
  expect(await said()).toEqual(['Follow us!', 'Follow us!']);
});

it('waits until people have said enough', async () => {
  await add({ messages: 2 });
  const say = () => ann.client.post(`/api/rooms/${room}/messages`, { text: 'words', nonce: randomUUID() });
  await say();
  clock.advance(15 * MINUTE);
  await look();
  expect(await said()).toEqual([]);
  await say();
  await look();
  expect(await said()).toHaveLength(1);
  // What the room says itself does not count.
  await say();
  clock.advance(15 * MINUTE);
  await look();
  expect(await said()).toHaveLength(1);
});

it('is said once when the node that said it ended before it had written that down', async () => {
  const { number, dueAt } = (await add({})).body.timer;
  const due = Date.parse(dueAt);
  clock.advance(15 * MINUTE);
  await look();
  // As if that had been lost: the next look finds it due at the same time.
  await sql(
    app,
    `UPDATE timers SET due_at = ${due} WHERE number = ${number} AND room_id = (SELECT id FROM rooms WHERE slug = '${room}')`,
  );
  await look();
  expect(await said()).toHaveLength(1);
  expect(Date.parse((await list())[0].dueAt)).toBeGreaterThanOrEqual(due + 15 * MINUTE);
});

it('is changed, switched off and on, and taken away', async () => {
  await add({ text: 'one' });
  await add({ text: 'two' });
  const changed = await moderator.client.patch(path('/1'), { enabled: false, text: 'uno' });
  expect(changed.body.timer).toMatchObject({ number: 1, text: 'uno', enabled: false, dueAt: null });
  clock.advance(20 * MINUTE);
  await look();
  expect(await said()).toEqual(['two']);
  await moderator.client.patch(path('/1'), { enabled: true });
  await look();
  expect(await said()).toEqual(['two']);
  clock.advance(15 * MINUTE);
  await look();
  expect((await said()).toSorted()).toEqual(['two', 'two', 'uno']);
  expect((await moderator.client.delete(path('/2'))).status).toBe(204);
  expect((await moderator.client.delete(path('/2'))).status).toBe(404);
  expect(await list()).toMatchObject([{ number: 1 }]);
  clock.advance(15 * MINUTE);
  await look();
  expect(await said()).toHaveLength(4);
  const acts = (await moderator.client.get(`/api/rooms/${room}/actions`)).body.actions;
  expect(acts.map(({ action }: { action: string }) => action)).toEqual([
    'timer.remove',
    'timer.change',
    'timer.change',
    'timer.add',
    'timer.add',
  ]);
  expect(acts[4].details).toMatchObject({ number: 1, text: 'one', minutes: 15 });
});

it('says nothing in a closed room, and goes on when that is open again', async () => {
  await add({});
  await admin.client.patch(`/api/rooms/${room}`, { archived: true });
  clock.advance(15 * MINUTE);
  await look();
  await admin.client.patch(`/api/rooms/${room}`, { archived: false });
  await look();
  expect(await said()).toEqual([]);
  clock.advance(15 * MINUTE);
  await look();
  expect(await said()).toHaveLength(1);
});

it('is one of ten in a room, however many add one at the same time', async () => {
  const answers = await Promise.all(Array.from({ length: 14 }, () => add({ enabled: false })));
  const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
  expect(statuses).toEqual([...Array(10).fill(201), ...Array(4).fill(409)]);
  expect(await codeOf(add({}))).toBe('timer.full');
  expect((await list()).map(({ number }: { number: number }) => number)).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ]);
});

it('belongs to the staff of its room', async () => {
  await add({});
  const elsewhere = await aRoom();
  await admin.client.request('PUT', `/api/rooms/${elsewhere}/moderators/${ann.user.id}`);
  expect((await ann.client.get(path('', elsewhere))).body.timers).toEqual([]);
  for (const asked of [
    ann.client.get(path()),
    add({}, ann),
    ann.client.patch(path('/1'), { enabled: false }),
    ann.client.delete(path('/1')),
  ]) {
    expect(await codeOf(asked)).toBe('auth.forbidden');
  }
  expect((await app.client().get(path())).status).toBe(401);
  for (const number of ['0', '1x', '2', '99999999999']) {
    expect((await moderator.client.patch(path(`/${number}`), { enabled: false })).status, number).toBe(404);
  }
  expect(await list()).toHaveLength(1);
});

it('is refused with what is wrong with it', async () => {
  for (const wrong of [
    { minutes: 4 },
    { minutes: 121 },
    { minutes: 5.5 },
    { minutes: undefined },
    { messages: -1 },
    { messages: 501 },
    { enabled: 'yes' },
    { text: 5 },
    { number: 3 },
  ]) {
    expect(await codeOf(add(wrong)), JSON.stringify(wrong)).toBe('frame.invalid');
  }
  expect(await codeOf(add({ text: '  ' }))).toBe('text.empty');
  expect(await codeOf(add({ text: 'x'.repeat(501) }))).toBe('text.too-long');
  expect(await list()).toEqual([]);
});
