import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import type { RaidedView } from '../src/protocol/frames.js';
import type { RaidView } from '../src/protocol/views.js';
import type { TestApp } from './support/app.js';
import { TestClock } from './support/clock.js';
import { aUser, uniqueName, type TestUser } from './support/factories.js';
import { SocketClient } from './support/socket-client.js';
import { startWithStaff } from './support/staffed.js';

const clock = new TestClock();
let app: TestApp;
let admin: TestUser;
let moderator: TestUser;
let ann: TestUser;
let room: string;
let target: string;
beforeAll(async () => {
  ({ app, admin, moderator } = await startWithStaff({ clock }));
  ann = await aUser(app);
});
afterAll(() => app.stop());
beforeEach(async () => {
  [room, target] = [await aRoom('Here'), await aRoom('There')];
});

async function aRoom(title: string): Promise<string> {
  const slug = uniqueName('r').replace('_', '-');
  await admin.client.post('/api/rooms', { slug, title, kind: 'stream' });
  return slug;
}
const start = (body: object = {}, by = moderator) =>
  by.client.post(`/api/rooms/${room}/raid`, { to: target, ...body });
const stop = (by = moderator) => by.client.delete(`/api/rooms/${room}/raid`);
const enter = async (who?: TestUser, slug = room) => {
  const socket = await SocketClient.open(app.url, `/ws/streaming?room=${slug}`, {
    ...(who && { cookie: who.cookie }),
  });
  await socket.find('live');
  return socket;
};
const codeOf = async (answer: ReturnType<typeof start>) => (await answer).body?.error?.code ?? null;
/** Goes along, and waits until that has been heard: the frames of a socket are taken in their order. */
const go = async (socket: SocketClient, id: string) => {
  socket.send('raid.go', { id });
  socket.send('raid.go', { id: randomUUID() });
  expect(await socket.next('error')).toMatchObject({ code: 'not-found' });
};
/** Once nobody is on their way any more. */
const arrival = async (at: SocketClient): Promise<RaidedView | undefined> =>
  (await at.next('room.changed', ({ raided }) => raided !== undefined)).raided;
const actsIn = async (slug: string): Promise<{ action: string; details: object }[]> =>
  (await moderator.client.get(`/api/rooms/${slug}/actions`)).body.actions;

it('leads the viewers to another room when the time is up, and tells it who came from where', async () => {
  const [watcher, member, guest] = [await enter(undefined, target), await enter(ann), await enter()];
  const secondTab = await enter(ann);
  const raid: RaidView = (await start({ seconds: 60 })).body.raid;
  expect(raid).toEqual({
    id: expect.any(String),
    to: { slug: target, title: 'There', kind: 'stream' },
    endsAt: expect.any(String),
    leftMs: expect.any(Number),
  });
  expect(raid.leftMs).toBeGreaterThan(30_000);
  expect(raid.leftMs).toBeLessThanOrEqual(60_000);
  const { id, to, endsAt } = raid;
  for (const socket of [member, guest, secondTab]) {
    expect(await socket.next('raid.started')).toEqual({ id, to, endsAt, leftMs: expect.any(Number) });
  }
  // Somebody goes before the rest.
  await go(member, id);
  clock.advance(30_000);
  const late = await enter();
  const welcome = await late.find('welcome');
  expect(welcome.raid).toMatchObject({ id, to });
  expect(welcome.raid!.leftMs).toBeLessThanOrEqual(30_000);
  clock.advance(30_000);
  for (const socket of [member, guest, late]) {
    expect(await socket.next('raid.ended')).toEqual({ id });
  }
  // Each socket of a guest counts, each account once, whoever says it how often.
  guest.send('raid.go', { id });
  await Promise.all([secondTab, guest, late].map((socket) => go(socket, id)));
  expect((await (await enter()).find('welcome')).raid).toBeUndefined();
  clock.advance(6000);
  expect(await arrival(watcher)).toEqual({ from: { slug: room, title: 'Here' }, people: 3 });
  expect((await app.client().get(`/streaming/${target}`)).text).toContain(
    '3 viewers came along from “Here”.',
  );
  expect(await actsIn(room)).toMatchObject([
    { action: 'raid.start', details: { to: target, title: 'There', seconds: 60 } },
  ]);
  // It is over, and another one may begin.
  expect((await start()).status).toBe(201);
});

it('is called back by staff, for whoever has not gone yet', async () => {
  const [watcher, member, guest] = [await enter(undefined, target), await enter(ann), await enter()];
  const { id } = (await start()).body.raid;
  await member.next('raid.started');
  member.send('raid.go', { id });
  member.close();
  expect((await stop()).status).toBe(204);
  expect(await guest.next('raid.ended')).toEqual({ id, stopped: true });
  expect((await (await enter()).find('welcome')).raid).toBeUndefined();
  expect(await codeOf(stop())).toBe('not-found');
  // A wrong room is put right at once.
  const other = await aRoom('Elsewhere');
  const next = (await start({ to: other })).body.raid;
  expect(await guest.next('raid.started')).toMatchObject({ id: next.id, to: { slug: other } });
  clock.advance(6000);
  expect(await arrival(watcher)).toMatchObject({ people: 1 });
  expect((await actsIn(room)).map(({ action }) => action)).toEqual(['raid.start', 'raid.stop', 'raid.start']);
});

it('says nothing to the other room when nobody went', async () => {
  const watcher = await enter(undefined, target);
  const guest = await enter();
  const { id } = (await start({ seconds: 10 })).body.raid;
  clock.advance(10_000);
  await guest.next('raid.ended', (data) => data.id === id);
  clock.advance(6000);
  // One that comes after it is told; nothing was before.
  const second = (await start({ seconds: 10 })).body.raid;
  await guest.next('raid.started');
  guest.send('raid.go', { id: second.id });
  clock.advance(10_000);
  await guest.next('raid.ended');
  clock.advance(6000);
  expect(await arrival(watcher)).toMatchObject({ people: 1 });
  expect(watcher.entries.filter(({ event }) => event === 'room.changed')).toHaveLength(1);
});

it('is told at once also where there is a delay', async () => {
  await moderator.client.patch(`/api/rooms/${room}`, { settings: { delay: 60 } });
  const guest = await enter();
  const { id } = (await start()).body.raid;
  expect(await guest.next('raid.started')).toMatchObject({ id });
  expect((await (await enter()).find('welcome')).raid).toMatchObject({ id });
});

it('is one at a time, however many start it at once, and each nonce starts one', async () => {
  const answers = await Promise.all([start(), start({}, admin), start(), start({}, admin)]);
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409]);
  expect(await codeOf(start())).toBe('raid.on');
  const stops = await Promise.all([stop(), stop(admin), stop()]);
  expect(stops.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 404, 404]);
  const nonce = 'nonce-of-raid';
  const { id } = (await start({ nonce })).body.raid;
  expect((await start({ nonce })).body.raid.id).toBe(id);
  expect(await codeOf(start({ nonce }, admin))).toBe('raid.on');
  await stop();
  // It is the one that was stopped, and does not begin again.
  expect((await start({ nonce })).body.raid.id).toBe(id);
  expect((await (await enter()).find('welcome')).raid).toBeUndefined();
  expect((await actsIn(room)).map(({ action }) => action)).toEqual([
    'raid.stop',
    'raid.start',
    'raid.stop',
    'raid.start',
  ]);
});

it('belongs to the staff of the room it leads away from', async () => {
  await admin.client.request('PUT', `/api/rooms/${target}/moderators/${ann.user.id}`);
  expect(await codeOf(start({}, ann))).toBe('auth.forbidden');
  expect((await app.client().post(`/api/rooms/${room}/raid`, { to: target })).status).toBe(401);
  expect((await start()).status).toBe(201);
  expect(await codeOf(stop(ann))).toBe('auth.forbidden');
  expect((await app.client().delete(`/api/rooms/${room}/raid`)).status).toBe(401);
  expect((await stop()).status).toBe(204);
  // A room's own moderator may.
  await admin.client.request('PUT', `/api/rooms/${room}/moderators/${ann.user.id}`);
  expect((await start({}, ann)).status).toBe(201);
});

it('goes to an open room of everybody’s, and to no other', async () => {
  const conversation = randomUUID();
  const talk = await SocketClient.open(app.url, `/ws/${conversation}`, { cookie: moderator.cookie });
  await talk.find('live');
  const archived = await aRoom('Closed');
  await admin.client.patch(`/api/rooms/${archived}`, { archived: true });
  for (const to of ['no-such-room', archived, room, conversation, `${target}/x`]) {
    expect(await codeOf(start({ to })), to).toBe('raid.target');
  }
  for (const wrong of [
    { seconds: 9 },
    { seconds: 61 },
    { seconds: 10.5 },
    { seconds: '30' },
    { to: '' },
    { to: 'nul\0' },
    { to: 5 },
    { nonce: 'short' },
    { by: 'me' },
  ]) {
    expect(await codeOf(start(wrong)), JSON.stringify(wrong)).toBe('frame.invalid');
  }
  expect(await codeOf(moderator.client.post(`/api/rooms/${archived}/raid`, { to: target }))).toBe(
    'room.read-only',
  );
  expect(await codeOf(moderator.client.post(`/api/rooms/${conversation}/raid`, { to: target }))).toBe(
    'not-found',
  );
  expect((await start({ seconds: 60 })).status).toBe(201);
  expect((await start({ seconds: 10 })).body.error.message).toMatch(/already/);
});

it('counts nobody for a raid of another room, and takes no other id', async () => {
  const guest = await enter();
  const elsewhere = await enter(undefined, target);
  const { id } = (await start()).body.raid;
  await guest.next('raid.started');
  elsewhere.send('raid.go', { id });
  expect(await elsewhere.next('error')).toMatchObject({ code: 'not-found' });
  guest.raw(JSON.stringify({ event: 'raid.go', data: { id: 5 } }));
  expect(await guest.next('error')).toMatchObject({ code: 'frame.invalid' });
});
