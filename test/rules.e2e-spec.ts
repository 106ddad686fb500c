import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { sql, type TestApp } from './support/app.js';
import { aRoomBy, aUser, type TestUser, uniqueAddress, uniqueName } from './support/factories.js';
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
  room = await aRoomBy(admin);
});

const path = (below: string) => `/api/rooms/${room}/${below}`;
const enter = (person: TestUser) => SocketClient.open(app.url, `/ws?room=${room}`, { cookie: person.cookie });
const set = (settings: object, by = moderator) => by.client.patch(`/api/rooms/${room}`, { settings });
const say = (client = ann.client, text = 'hello', nonce: string = randomUUID()) =>
  client.post(path('messages'), { text, nonce });
const rules = async (client = ann.client) => (await client.get(path('rules'))).body.rules;
const accept = async (client = ann.client) =>
  client.post(path('rules/accept'), { id: (await rules(client)).id });
const codeOf = async (answer: ReturnType<typeof say>) => (await answer).body?.error?.code ?? null;

it('are read once before the first words, and again when they change', async () => {
  const nonce = randomUUID();
  const before = await say(ann.client, 'said before', nonce);
  expect(await rules()).toEqual({ welcome: '', rules: '', id: null, accepted: true });
  const watcher = await enter(ann);
  await set({ welcome: '어서 오세요 🎉', rules: ' Be kind.\r\nNo spoilers. ' });
  expect(await watcher.next('room.changed')).toMatchObject({
    settings: { welcome: '어서 오세요 🎉', rules: 'Be kind.\nNo spoilers.' },
  });

  watcher.send('say', { text: 'hello', nonce: 'nonce-of-hello' });
  expect(await watcher.next('error')).toMatchObject({ code: 'rules.unread', nonce: 'nonce-of-hello' });
  expect((await say()).status).toBe(403);
  const edit = { text: 'said otherwise', nonce: randomUUID() };
  expect(await codeOf(ann.client.patch(path(`messages/${before.body.seq}`), edit))).toBe('rules.unread');
  // A retry is answered as the first time, and words are taken back; staff are not asked.
  expect((await say(ann.client, 'said before', nonce)).body).toEqual({ ...before.body, dup: true });
  expect((await ann.client.delete(path(`messages/${before.body.seq}`))).status).toBe(200);
  expect((await say(moderator.client)).status).toBe(201);
  expect(await rules(moderator.client)).toMatchObject({ accepted: true });

  expect(await rules()).toMatchObject({ welcome: '어서 오세요 🎉', accepted: false });
  expect((await accept()).status).toBe(204);
  expect((await accept()).status).toBe(204);
  expect(await rules()).toMatchObject({ accepted: true });
  watcher.send('say', { text: 'hello', nonce: 'nonce-of-hello' });
  expect(await watcher.next('ack')).toMatchObject({ nonce: 'nonce-of-hello' });

  await set({ welcome: 'Hi!' });
  expect((await say()).status).toBe(201);
  await set({ rules: 'Be kinder.' });
  expect(await codeOf(say())).toBe('rules.unread');
  await accept();
  expect((await say()).status).toBe(201);
  await set({ rules: '', welcome: '' });
  expect((await say()).status).toBe(201);
});

it('hold where there is only a welcome, and for held messages as well', async () => {
  await set({ welcome: 'Hi!', hold: true });
  expect(await codeOf(say())).toBe('rules.unread');
  await accept();
  expect((await say()).status).toBe(202);
});

it('cost nothing of what one may say', async () => {
  await set({ rules: 'Be kind.' });
  for (let times = 0; times < 15; times += 1) {
    expect(await codeOf(say())).toBe('rules.unread');
  }
  await accept();
  expect((await say()).status).toBe(201);
});

it('are read by each guest for themselves', async () => {
  await set({ rules: 'Be kind.', guests: true });
  const [one, two] = [app.client(uniqueAddress()), app.client(uniqueAddress())];
  expect(await codeOf(one.post(path('rules/accept'), { id: (await rules(one)).id }))).toBe('auth.required');
  for (const guest of [one, two]) {
    expect((await guest.post('/user/guest', { nickname: uniqueName('g'), room })).status).toBe(201);
  }
  expect(await codeOf(say(one))).toBe('rules.unread');
  expect((await accept(one)).status).toBe(204);
  expect((await say(one)).status).toBe(201);
  expect(await codeOf(say(two))).toBe('rules.unread');
});

it('cannot be accepted unread, elsewhere or for others', async () => {
  await set({ rules: 'Be kind.' });
  const { id } = await rules();
  const bob = await aUser(app);
  await accept(bob.client);
  expect(await codeOf(say())).toBe('rules.unread');
  for (const guess of ['x', id.toLowerCase(), `${id}x`.slice(0, 32)]) {
    expect(await codeOf(ann.client.post(path('rules/accept'), { id: guess }))).toBe('rules.unread');
  }
  for (const wrong of [{}, { id: '' }, { id: 7 }, { id: 'x'.repeat(33) }, { id, more: 1 }]) {
    expect(await codeOf(ann.client.post(path('rules/accept'), wrong))).toBe('frame.invalid');
  }
  // Those of another room, with the same words, are read there alone.
  const other = await aRoomBy(admin);
  expect(await codeOf(ann.client.post(`/api/rooms/${other}/rules/accept`, { id }))).toBe('rules.unread');
  await admin.client.patch(`/api/rooms/${other}`, { settings: { rules: 'Be kind.' } });
  expect((await ann.client.post(`/api/rooms/${other}/rules/accept`, { id })).status).toBe(204);
  expect(await codeOf(say())).toBe('rules.unread');
  // What was read while they were changed is not what holds.
  await set({ rules: 'Be kinder.' });
  expect(await codeOf(ann.client.post(path('rules/accept'), { id }))).toBe('rules.unread');
});

it('are written by staff of the room, within bounds', async () => {
  expect(await codeOf(set({ rules: 'Mine.' }, ann))).toBe('auth.forbidden');
  const elsewhere = await aRoomBy(admin);
  await admin.client.request('PUT', `/api/rooms/${elsewhere}/moderators/${ann.user.id}`);
  expect(await codeOf(set({ welcome: 'Mine.' }, ann))).toBe('auth.forbidden');
  expect((await set({ rules: 'x'.repeat(2000), welcome: 'x'.repeat(500) })).status).toBe(200);
  for (const wrong of [
    { rules: 'x'.repeat(2001) },
    { welcome: 'x'.repeat(501) },
    { rules: 'turned \u202E around' },
    { rules: null },
    { welcome: 5 },
  ]) {
    expect(await codeOf(set(wrong)), JSON.stringify(wrong)).toBe('frame.invalid');
  }
  const acts = (await moderator.client.get(path('actions'))).body.actions;
  expect(acts[0]).toMatchObject({
    action: 'room.modes',
    details: { settings: { welcome: 'x'.repeat(500) } },
  });
});

it('are forgotten with the account', async () => {
  await set({ rules: 'Be kind.' });
  await accept();
  const gone = await ann.client.post('/user/delete', { currentPassword: ann.password, messages: 'keep' });
  expect(gone.status).toBe(204);
  expect(await sql(app, `SELECT * FROM rule_consents WHERE user_id = '${ann.user.id}'`)).toEqual([]);
});
