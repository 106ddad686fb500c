import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { REACTIONS_AT_ONCE, REACTIONS_EVERY_MS } from '../src/chat/reactions/reactions.service.js';
import { REACTIONS, type Reaction } from '../src/protocol/views.js';
import { sql, type TestApp } from './support/app.js';
import { aRoomBy, aUser, type TestUser, uniqueName } from './support/factories.js';
import { startWithStaff } from './support/staffed.js';
import { SocketClient } from './support/socket-client.js';

let app: TestApp;
let admin: TestUser;
let moderator: TestUser;
let ann: TestUser;
let room: string;
beforeAll(async () => {
  ({ app, admin, moderator } = await startWithStaff());
});
afterAll(() => app.stop());
beforeEach(async () => {
  ann = await aUser(app);
  room = await aRoomBy(admin, 'stream');
});

const enter = async (person: { cookie: string } | null) => {
  const socket = await SocketClient.open(
    app.url,
    `/ws/streaming?room=${room}`,
    person ? { cookie: person.cookie } : {},
  );
  await socket.find('live');
  return socket;
};
const react = (socket: SocketClient, reaction: Reaction = '❤️') => socket.send('react', { reaction });
const counted = (socket: SocketClient) =>
  socket.frames.flatMap((frame) => (frame.event === 'reactions' ? [frame.data.counts] : []));
const sum = (socket: SocketClient) =>
  counted(socket)
    .flatMap((counts) => Object.values(counts))
    .reduce((all, count) => all + count, 0);
const settings = (changes: object) => moderator.client.patch(`/api/rooms/${room}`, { settings: changes });
const sanction = (more: object) =>
  moderator.client.post(`/api/rooms/${room}/sanctions`, { user: ann.user.id, ...more });
const refusal = async (socket: SocketClient) => {
  react(socket);
  return (await socket.next('error')).code;
};

describe('reactions', () => {
  it('are counted of everybody, in few frames, and are in no log', async () => {
    const people = await Promise.all([ann, await aUser(app), moderator].map(enter));
    const guest = await enter(null);
    const began = performance.now();
    for (let n = 0; n < REACTIONS_AT_ONCE; n++) {
      people.forEach((person, index) => react(person, REACTIONS[index]));
    }
    await guest.find('reactions', () => sum(guest) === 3 * REACTIONS_AT_ONCE);
    expect(counted(guest).length).toBeLessThanOrEqual(2 + (performance.now() - began) / REACTIONS_EVERY_MS);
    const frames = guest.frames.filter(({ event }) => event === 'reactions');
    expect(JSON.stringify(frames)).not.toContain(ann.user.id);
    const [first] = people as [SocketClient];
    expect(first.frames.some(({ event }) => event === 'ack')).toBe(false);
    const { entries } = (await app.client().get(`/api/rooms/${room}/messages`)).body;
    expect(entries).toEqual([]);
  });

  it('are on for events and off for rooms, until staff switch them', async () => {
    const { body } = await app.client().get(`/api/rooms/${room}`);
    expect(body.room.settings.reactions).toBe(true);
    expect((await app.client().get('/api/rooms/lobby')).body.room.settings.reactions).toBe(false);
    expect((await app.client().get('/api/rooms/main')).body.room.settings.reactions).toBe(true);
    const socket = await enter(ann);
    expect((await settings({ reactions: false })).status).toBe(200);
    await socket.find('room.changed');
    expect(await refusal(socket)).toBe('reactions.off');
    expect((await ann.client.patch(`/api/rooms/${room}`, { settings: { reactions: true } })).status).toBe(
      403,
    );
    await settings({ reactions: true });
    await socket.next('room.changed');
    react(socket);
    expect(await socket.next('reactions')).toEqual({ counts: { '❤️': 1 } });
  });

  it('are limited for each person, over all their sockets', async () => {
    const [one, two] = [await enter(ann), await enter(ann)];
    for (let n = 0; n < REACTIONS_AT_ONCE; n++) {
      react(n % 2 ? one : two);
    }
    await one.find('reactions', () => sum(one) === REACTIONS_AT_ONCE);
    for (let n = 0; n < REACTIONS_AT_ONCE + 5; n++) {
      react(one);
    }
    const { code, retryAfterMs } = await one.next('error');
    expect([code, (retryAfterMs ?? 0) > 0]).toEqual(['rate.limited', true]);
  });
});

describe('abuse', () => {
  it.each([
    {},
    { reaction: 'x' },
    { reaction: '💩' },
    { reaction: ['❤️'] },
    { reaction: '❤️', counts: { '❤️': 9 } },
    { reaction: '__proto__' },
  ])('refuses %j', async (data) => {
    const socket = await enter(ann);
    socket.raw(JSON.stringify({ event: 'react', data }));
    expect((await socket.next('error')).code).toBe('frame.invalid');
    expect(counted(socket)).toEqual([]);
  });

  it('keeps whoever may not write from reacting, at once', async () => {
    const guest = await enter(null);
    expect(await refusal(guest)).toBe('auth.required');
    const socket = await enter(ann);
    await sanction({ action: 'timeout', seconds: 60 });
    await socket.find('user.sanctioned');
    expect(await refusal(socket)).toBe('user.timed-out');
    // Also on a socket that is opened only then.
    expect(await refusal(await enter(ann))).toBe('user.timed-out');
    await moderator.client.delete(`/api/rooms/${room}/sanctions?user=${ann.user.id}&action=timeout`);
    await socket.find('user.sanctioned', ({ action }) => action === 'lift');
    react(socket);
    await socket.next('reactions');
    const { body } = await moderator.client.post(`/api/rooms/${room}/warnings`, {
      user: ann.user.id,
      reason: 'be kind',
    });
    await socket.find('warned');
    expect(await refusal(socket)).toBe('user.warned');
    await ann.client.post(`/api/rooms/${room}/warnings/${body.warning.id}/acknowledge`);
    await socket.find('warning.acknowledged');
    react(socket);
    await socket.next('reactions');
    await admin.client.patch(`/api/rooms/${room}`, { archived: true });
    await socket.find('room.changed', ({ archived }) => archived === true);
    expect(await refusal(socket)).toBe('room.read-only');
  });

  it('lets guests react where they may write', async () => {
    await settings({ guests: true });
    const client = app.client();
    await client.post('/user/guest', { nickname: uniqueName('g'), room });
    const socket = await enter({ cookie: client.cookie });
    react(socket, '🎉');
    expect(await socket.next('reactions')).toEqual({ counts: { '🎉': 1 } });
    await settings({ guests: false });
    await socket.find('room.changed', (change) => change.settings?.guests === false);
    expect(await refusal(socket)).toBe('room.members-only');
  });

  it('shows nothing of who is hidden, and does not tell them', async () => {
    const [watcher, hidden] = [await enter(moderator), await enter(ann)];
    await sanction({ action: 'hide' });
    await watcher.find('user.sanctioned');
    react(hidden, '😮');
    react(watcher, '👏');
    expect(await watcher.next('reactions')).toEqual({ counts: { '👏': 1 } });
    expect(hidden.frames.some(({ event }) => event === 'error')).toBe(false);
  });
});

it('leaves nothing behind in the database', async () => {
  const socket = await enter(ann);
  react(socket);
  await socket.next('reactions');
  const [row] = await sql<{ head: number | string }>(app, `SELECT head FROM rooms WHERE slug = '${room}'`);
  expect(Number(row?.head)).toBe(0);
});
