import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { MOST_RESTORED } from '../src/moderation/removals/person-restore.service.js';
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
});
afterAll(() => app.stop());
beforeEach(async () => {
  [ann, bob] = [await aUser(app), await aUser(app)];
  room = await aRoomBy(admin);
});

const at = (below: string, where = room) => `/api/rooms/${where}/${below}`;
const enter = (person: TestUser) => SocketClient.open(app.url, `/ws?room=${room}`, { cookie: person.cookie });
const say = async (person: TestUser, text: string): Promise<number> =>
  (await person.client.post(at('messages'), { text, nonce: randomUUID() })).body.seq;
const remove = (person: TestUser, seq: number) => person.client.delete(at(`messages/${seq}`));
const sanction = (by: TestUser, user: TestUser, more: object = {}) =>
  by.client.post(at('sanctions'), { user: user.user.id, action: 'ban', removeMessages: true, ...more });
const restore = (by: Pick<TestUser, 'client'>, user: string, body: object = {}, where = room) =>
  by.client.post(at(`people/${user}/restore`, where), body);
const codeOf = ({ status, body }: Awaited<ReturnType<typeof restore>>) => body?.error?.code ?? status;
const cardOf = async (user: TestUser) =>
  (await admin.client.get(at(`people/${user.user.id}/card`))).body.card;
const actsOf = async () => (await admin.client.get(at('actions'))).body.actions;
const read = async () => (await ann.client.get(at('messages'))).text;

it('takes back what a ban took, as so many entries and one act, and what went before it stays gone', async () => {
  const [own, single] = [await say(bob, 'taken back'), await say(bob, 'removed by itself')];
  await remove(bob, own);
  await remove(moderator, single);
  const [first, second] = [await say(bob, 'first wording'), await say(bob, 'second words')];
  await bob.client.patch(at(`messages/${first}`), { text: 'newest wording', nonce: randomUUID() });
  await say(ann, 'never removed');
  const watcher = await enter(ann);
  await sanction(moderator, bob, { reason: 'taken for another' });
  await watcher.next('user.sanctioned');
  expect(await read()).not.toMatch(/wording|second words/);
  const { removed } = await cardOf(bob);
  expect(removed).toEqual({
    seq: expect.any(Number),
    by: { id: moderator.user.id, nickname: moderator.user.nickname },
    at: expect.any(String),
    reason: 'taken for another',
    messages: 2,
  });
  expect((await moderator.client.get(at(`messages/${second}/removed`))).body.removed.removed).toEqual(
    removed,
  );

  const nonce = randomUUID();
  const answer = await restore(moderator, bob.user.nickname, { reason: 'sorry', nonce });
  expect([answer.status, answer.body]).toEqual([200, { restored: 2, more: false }]);
  const [one, two] = [await watcher.next('message.restored'), await watcher.next('message.restored')];
  expect([one, two]).toMatchObject([
    { target: first, text: 'newest wording', by: 'staff', seq: removed.seq + 1 },
    { target: second, text: 'second words', seq: removed.seq + 2 },
  ]);
  expect(await read()).toMatch(/newest wording[^]*second words/);
  expect(await read()).not.toMatch(/taken back|removed by itself|sorry|taken for another/);

  // The same again is the same act; without its nonce it is the next: what had been removed before.
  expect((await restore(moderator, bob.user.nickname, { reason: 'sorry', nonce })).body).toEqual(answer.body);
  expect(await read()).not.toContain('removed by itself');
  expect(await actsOf()).toMatchObject([
    {
      action: 'user.restore',
      by: { id: moderator.user.id },
      user: { id: bob.user.id },
      reason: 'sorry',
      details: { restored: 2 },
    },
    { action: 'user.ban' },
    { action: 'message.remove' },
  ]);
  expect((await restore(moderator, bob.user.id)).body.restored).toBe(1);
  expect(await read()).toContain('removed by itself');
  expect((await actsOf())[0]).toMatchObject({ action: 'user.restore', target: single });
  expect(codeOf(await restore(moderator, bob.user.id))).toBe('not-found');
  expect(await read()).not.toContain('taken back');
  expect((await cardOf(bob)).removed).toBeNull();
});

it('goes again with the next removal, and takes back a clearing for one person alone', async () => {
  await say(bob, 'words of bob');
  await say(ann, 'words of ann');
  await moderator.client.post(at('clear'), {});
  expect((await restore(moderator, bob.user.id)).body).toEqual({ restored: 1, more: false });
  expect(await read()).toContain('words of bob');
  expect(await read()).not.toContain('words of ann');
  await sanction(moderator, bob, { action: 'timeout', seconds: 10 });
  expect(await read()).not.toContain('words of bob');
  expect((await restore(moderator, bob.user.id)).body.restored).toBe(1);
  expect(await read()).toContain('words of bob');
});

it('is for who could bring back each of them', async () => {
  const ofRoom = await aUser(app);
  await admin.client.request('PUT', at(`moderators/${ofRoom.user.id}`));
  const other = await aRoomBy(admin);
  await say(bob, 'words of bob');
  await sanction(admin, bob);
  const own = await say(ann, 'words of ann');
  const { body } = await remove(ann, own);
  for (const by of [ann, bob, moderator, ofRoom]) {
    expect(codeOf(await restore(by, bob.user.id)), by.user.role).toBe('auth.forbidden');
  }
  expect(codeOf(await restore({ client: app.client() }, bob.user.id))).toBe('auth.required');
  expect(codeOf(await restore(ofRoom, bob.user.id, {}, other))).toBe('auth.forbidden');
  // What they took back is theirs, however it is asked for; nor is anything restored of whom it did not concern.
  expect(codeOf(await restore(admin, ann.user.id))).toBe('not-found');
  expect(codeOf(await restore(admin, ann.user.id, { removal: body.seq }))).toBe('auth.forbidden');
  const { removed } = await cardOf(bob);
  expect(codeOf(await restore(admin, ann.user.id, { removal: removed.seq }))).toBe('not-found');
  expect(codeOf(await restore(admin, bob.user.id, { removal: removed.seq }, other))).toBe('not-found');
  expect(codeOf(await restore(admin, 'nobody'))).toBe('not-found');
  for (const wrong of [{ removal: 0 }, { removal: '1' }, { nonce: 'x' }, { reason: 'x'.repeat(501) }]) {
    expect(codeOf(await restore(admin, bob.user.id, wrong))).toBe('frame.invalid');
  }
  await admin.client.patch(`/api/rooms/${room}`, { archived: true });
  expect(codeOf(await restore(admin, bob.user.id))).toBe('room.read-only');
  await admin.client.patch(`/api/rooms/${room}`, { archived: false });
  expect(await read()).not.toMatch(/words of/);
  expect((await restore(admin, bob.user.id, { removal: removed.seq })).body.restored).toBe(1);
});

it('brings each message back once, whoever asks at the same time', async () => {
  const seqs = [];
  for (let n = 0; n < 8; n++) {
    seqs.push(await say(bob, `words ${n}`));
  }
  await sanction(moderator, bob);
  const watcher = await enter(ann);
  const answers = await Promise.all([1, 2, 3].map(() => restore(moderator, bob.user.id)));
  const restored = answers.map(({ status, body }) => (status === 200 ? body.restored : 0));
  expect(restored.reduce((sum, count) => sum + count, 0)).toBe(8);
  const acts = (await actsOf()).filter(({ action }: { action: string }) => action === 'user.restore');
  expect(acts).toHaveLength(restored.filter((count) => count > 0).length);
  await say(ann, 'the end');
  await watcher.next('message.posted', ({ text }) => text === 'the end');
  const targets = watcher.entries.flatMap(({ event, data }) =>
    event === 'message.restored' ? [data.target] : [],
  );
  expect(targets).toEqual(seqs);
});

it('brings back so many at once, and says that there are more', async () => {
  const socket = await enter(moderator);
  await Promise.all(Array.from({ length: MOST_RESTORED + 2 }, (_, n) => socket.say(`${n}`)));
  await sanction(admin, moderator, { action: 'timeout', seconds: 10 });
  expect((await restore(admin, moderator.user.id)).body).toEqual({ restored: MOST_RESTORED, more: true });
  expect((await restore(admin, moderator.user.id)).body).toEqual({ restored: 2, more: false });
});
