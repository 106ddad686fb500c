import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { MOST_NOTES } from '../src/moderation/cards/cards.service.js';
import type { TestApp } from './support/app.js';
import { aModerator, aRoomBy, aUser, type TestUser, uniqueName } from './support/factories.js';
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
const say = async (person: TestUser, text: string): Promise<number> =>
  (await person.client.post(path('messages'), { text, nonce: randomUUID() })).body.seq;
const card = (who: string, by = moderator) => by.client.get(path(`people/${who}/card`));
const note = (who: string, text: string, by = moderator, more = {}) =>
  by.client.post(path(`people/${who}/notes`), { text, ...more });
const codeOf = async (answer: ReturnType<typeof card>) => (await answer).body?.error?.code ?? null;

it('shows members who somebody is, and nothing more', async () => {
  const { status, body } = await ann.client.get(path(`people/${encodeURIComponent(bob.user.nickname)}`));
  expect(status).toBe(200);
  const { id, nickname, color } = bob.user;
  expect(body).toEqual({ person: { id, nickname, role: 'user', color, joinedAt: expect.any(String) } });
  expect((await ann.client.get(path(`people/${bob.user.id}`))).body).toEqual(body);
  // The role of this room.
  await admin.client.request('PUT', path(`moderators/${bob.user.id}`));
  expect((await ann.client.get(path(`people/${bob.user.id}`))).body.person.role).toBe('moderator');
  expect((await ann.client.get(`/api/rooms/lobby/people/${bob.user.id}`)).body.person.role).toBe('user');
  expect((await ann.client.get(path('people/nobody'))).status).toBe(404);
  expect((await app.client().get(path(`people/${bob.user.id}`))).status).toBe(401);
});

it('shows staff what somebody said here, what was done about it, and how they were called', async () => {
  const seqs = [await say(bob, 'one'), await say(bob, 'two'), await say(bob, 'three')] as const;
  await say(ann, 'not theirs');
  await bob.client.patch(path(`messages/${seqs[1]}`), { text: 'two, edited', nonce: randomUUID() });
  await bob.client.delete(path(`messages/${seqs[2]}`), { nonce: randomUUID() });
  await moderator.client.post(path('warnings'), { user: bob.user.id, reason: 'be kind' });
  await moderator.client.post(path('sanctions'), { user: bob.user.id, action: 'timeout', reason: 'loud' });
  const nickname = uniqueName('new');
  await bob.client.patch('/user/me', { nickname });
  const { body } = await card(bob.user.id);
  expect(body.card).toMatchObject({
    person: { id: bob.user.id, nickname, role: 'user' },
    formerNames: [{ nickname: bob.user.nickname, until: expect.any(String) }],
    messages: [
      { seq: seqs[2], text: null, removed: true },
      { seq: seqs[1], text: 'two, edited' },
      { seq: seqs[0], text: 'one' },
    ],
    sanctions: [{ action: 'timeout', reason: 'loud', room }],
    warnings: [{ reason: 'be kind', by: { id: moderator.user.id }, acknowledgedAt: null }],
    notes: [],
    removed: null,
  });
  expect((await card(nickname)).body).toEqual(body);
});

it('keeps notes of staff, told to the others as they are made, and taken away by whom they are of', async () => {
  const staff = await SocketClient.open(app.url, `/ws?room=${room}`, { cookie: admin.cookie });
  const made = await note(bob.user.id, '  was rude before  ', moderator, { nonce: 'nonce-of-note' });
  expect(made.status).toBe(201);
  expect(made.body.note).toEqual({
    id: expect.any(String),
    text: 'was rude before',
    by: { id: moderator.user.id, nickname: moderator.user.nickname },
    at: expect.any(String),
  });
  const told = await staff.next('staff.action');
  expect(told).toMatchObject({ action: 'note.add', user: { id: bob.user.id } });
  expect(JSON.stringify(told)).not.toContain('rude');
  expect((await note(bob.user.id, 'x', moderator, { nonce: 'nonce-of-note' })).body).toEqual(made.body);
  expect((await card(bob.user.id, admin)).body.card.notes).toEqual([made.body.note]);
  // Those of another room do not see it.
  expect((await admin.client.get(`/api/rooms/lobby/people/${bob.user.id}/card`)).body.card.notes).toEqual([]);

  const { id } = made.body.note;
  const other = await aModerator(app);
  const remove = (by: TestUser) => by.client.delete(path(`people/${bob.user.id}/notes/${id}`));
  expect((await remove(other)).status).toBe(403);
  expect((await ann.client.delete(path(`people/${bob.user.id}/notes/${id}`))).status).toBe(403);
  expect((await moderator.client.delete(path(`people/${ann.user.id}/notes/${id}`))).status).toBe(404);
  expect((await remove(moderator)).status).toBe(204);
  expect((await remove(moderator)).status).toBe(404);
  expect(await staff.next('staff.action')).toMatchObject({ action: 'note.remove' });
  const theirs = (await note(bob.user.id, 'again', other)).body.note;
  expect((await admin.client.delete(path(`people/${bob.user.id}/notes/${theirs.id}`))).status).toBe(204);
});

it('takes so many notes about one person, and none that say nothing', async () => {
  for (let made = 0; made < MOST_NOTES; made++) {
    expect((await note(bob.user.id, `note ${made}`)).status).toBe(201);
  }
  const refused = await note(bob.user.id, 'one too many');
  expect([refused.status, Object.keys(refused.body.error.fields)]).toEqual([400, ['text']]);
  expect(await codeOf(note(ann.user.id, '  '))).toBe('frame.invalid');
  expect(await codeOf(note(ann.user.id, 'x'.repeat(501)))).toBe('frame.invalid');
});

it('is for staff, about whom they may act on, and never about oneself', async () => {
  await admin.client.request('PUT', path(`moderators/${ann.user.id}`));
  expect((await card(bob.user.id, ann)).status).toBe(200);
  expect((await ann.client.get(`/api/rooms/lobby/people/${bob.user.id}/card`)).status).toBe(403);
  expect(await codeOf(card(ann.user.id, bob))).toBe('auth.forbidden');
  expect(await codeOf(card(ann.user.id, moderator))).toBe('auth.forbidden');
  expect(await codeOf(card(moderator.user.id, moderator))).toBe('auth.forbidden');
  expect(await codeOf(card(admin.user.id, admin))).toBe('auth.forbidden');
  expect((await card(moderator.user.id, admin)).status).toBe(200);
  expect(await codeOf(note(moderator.user.id, 'about myself'))).toBe('auth.forbidden');
  expect(await codeOf(card('nobody'))).toBe('not-found');
});
