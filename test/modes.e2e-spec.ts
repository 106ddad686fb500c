import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { RoomSettings } from '../src/protocol/views.js';
import type { TestApp } from './support/app.js';
import { MINUTE, TestClock } from './support/clock.js';
import { aModerator, aRoomBy, aUser, type TestUser } from './support/factories.js';
import { startWithStaff } from './support/staffed.js';
import { SocketClient } from './support/socket-client.js';

const clock = new TestClock();
let app: TestApp;
let admin: TestUser;
let moderator: TestUser;
let bob: TestUser;
let room: string;
beforeAll(async () => {
  ({ app, admin, moderator } = await startWithStaff({ clock }));
});
afterAll(() => app.stop());

/** Everybody begins with the allowance of their first message, in a room of their own. */
async function begin(settings: Partial<RoomSettings>): Promise<void> {
  bob = await aUser(app);
  room = await aRoomBy(admin);
  expect((await set(settings)).status).toBe(200);
}

const set = (settings: Partial<RoomSettings>, by = moderator) =>
  by.client.patch(`/api/rooms/${room}`, { settings });
const say = (person: TestUser, text: string) =>
  person.client.post(`/api/rooms/${room}/messages`, { text, nonce: randomUUID() });
const edit = (person: TestUser, seq: number, text: string) =>
  person.client.patch(`/api/rooms/${room}/messages/${seq}`, { text, nonce: randomUUID() });
const codeOf = async (answer: ReturnType<typeof say>) => {
  const { status, body } = await answer;
  return status < 300 ? status : body.error.code;
};

describe('no duplicates', () => {
  it('refuses the same again, however it is written, by whatever way, and says how long', async () => {
    await begin({ noDuplicates: true });
    const socket = await SocketClient.open(app.url, `/ws?room=${room}`, { cookie: bob.cookie });
    await socket.say('Hello there');
    socket.send('say', { text: 'HELLO  there', nonce: 'again-123' });
    const refusal = await socket.next('error');
    expect(refusal).toMatchObject({ code: 'text.duplicate', nonce: 'again-123' });
    expect(refusal.retryAfterMs).toBeGreaterThan(15_000);
    expect(refusal.message).toMatch(/^You just said the same thing\. You can say it again in \d+ seconds\.$/);
    expect(await codeOf(say(bob, 'ｈｅｌｌｏ there'))).toBe('text.duplicate');
    expect(await codeOf(say(bob, 'Hello you'))).toBe(201);
    expect(await codeOf(say(await aUser(app), 'Hello there'))).toBe(201);
    expect([await codeOf(say(moderator, 'a')), await codeOf(say(moderator, 'a'))]).toEqual([201, 201]);
    await set({ noDuplicates: false });
    expect(await codeOf(say(bob, 'Hello there'))).toBe(201);
  });

  it('is decided in the log: of many at the same time one is taken, and a retry is none', async () => {
    await begin({ noDuplicates: true });
    const codes = await Promise.all(Array.from({ length: 5 }, () => codeOf(say(bob, 'all at once'))));
    expect(codes.map(String).sort()).toEqual(['201', ...Array.from({ length: 4 }, () => 'text.duplicate')]);
    const nonce = randomUUID();
    const again = () => bob.client.post(`/api/rooms/${room}/messages`, { text: 'once', nonce });
    expect([(await again()).status, (await again()).status]).toEqual([201, 200]);
  });

  it('holds for edits, but for those of the message that says it', async () => {
    await begin({ noDuplicates: true });
    const { seq } = (await say(bob, 'first')).body;
    const other = (await say(bob, 'second')).body.seq;
    expect(await codeOf(edit(bob, other, 'First'))).toBe('text.duplicate');
    expect(await codeOf(edit(bob, seq, 'First'))).toBe(200);
    expect(await codeOf(say(bob, 'first'))).toBe('text.duplicate');
  });
});

it('takes only emoji where only emoji are wanted', async () => {
  await begin({ emojiOnly: true });
  const { seq } = (await say(bob, '👍🏽 👨‍👩‍👧 🇰🇷')).body;
  expect(await codeOf(say(bob, '👍 yes'))).toBe('text.emoji-only');
  expect(await codeOf(edit(bob, seq, 'words'))).toBe('text.emoji-only');
  expect(await codeOf(say(moderator, 'words'))).toBe(201);
});

it('keeps accounts quiet until they are old enough, and tells when that is', async () => {
  await begin({ established: 900 });
  const early = await say(bob, 'hello');
  expect([early.status, early.body.error.code]).toEqual([403, 'room.established-only']);
  expect(early.body.error.message).toBe(
    'Your account is too new to write here. You can write in 15 minutes.',
  );
  expect(await codeOf(say(await aModerator(app), 'hello'))).toBe(201);
  clock.advance(15 * MINUTE);
  expect(await codeOf(say(bob, 'hello'))).toBe(201);
});

it('takes longer messages where staff let it', async () => {
  await begin({ textLimit: 500 });
  expect(await codeOf(say(bob, '가'.repeat(500)))).toBe(201);
  expect(await codeOf(say(bob, '가'.repeat(501)))).toBe('text.too-long');
  await set({ textLimit: 3 });
  expect(await codeOf(say(bob, 'four'))).toBe('text.too-long');
});

it('is shielded in one step, in front of everybody, and goes back to what was', async () => {
  await begin({ slowMode: 5 });
  const socket = await SocketClient.open(app.url, `/ws?room=${room}`, { cookie: bob.cookie });
  const strict = { shield: true, slowMode: 30, established: 900, noLinks: true, noDuplicates: true };
  const { body } = await set({ shield: true });
  expect(body.room.settings).toMatchObject(strict);
  expect(body.room.settings).not.toHaveProperty('beforeShield');
  const told = await socket.next('room.changed', ({ settings }) => settings?.shield === true);
  expect(told.settings).toEqual(strict);
  expect(await codeOf(say(bob, 'hello'))).toBe('room.established-only');
  // Whoever raises it at the same time remembers nothing else.
  await Promise.all([set({ shield: true }), set({ shield: true }, admin)]);
  await set({ noLinks: true });
  await Promise.all([set({ shield: false }), set({ shield: false }, admin)]);
  const { settings } = (await bob.client.get(`/api/rooms/${room}`)).body.room;
  expect(settings).toMatchObject({ shield: false, slowMode: 5, established: 0, noDuplicates: false });
  expect(await codeOf(say(bob, 'hello'))).toBe(201);
});

it.each([
  { established: 59 },
  { established: 90 * 86_400 + 1 },
  { established: true },
  { noDuplicates: 1 },
  { emojiOnly: null },
  { textLimit: 0 },
  { textLimit: 501 },
])('cannot be %j', async (settings) => {
  const answer = await admin.client.patch('/api/rooms/lobby', { settings });
  expect(answer.status).toBe(400);
});
