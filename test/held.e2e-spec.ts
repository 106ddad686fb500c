import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { HELD_MS, HeldService } from '../src/moderation/held/held.service.js';
import type { TestApp } from './support/app.js';
import { MINUTE, TestClock } from './support/clock.js';
import { aRoomBy, aUser, type TestUser } from './support/factories.js';
import { startWithStaff } from './support/staffed.js';
import { SocketClient } from './support/socket-client.js';

const clock = new TestClock();
let app: TestApp;
let admin: TestUser;
let moderator: TestUser;
let ann: TestUser;
let bob: TestUser;
let room: string;
beforeAll(async () => {
  ({ app, admin, moderator } = await startWithStaff({ clock }));
  ann = await aUser(app);
});
afterAll(() => app.stop());
beforeEach(async () => {
  bob = await aUser(app);
  room = await aRoomBy(admin);
  await review(true);
});

const review = (hold: boolean) => moderator.client.patch(`/api/rooms/${room}`, { settings: { hold } });
const enter = (person: TestUser) => SocketClient.open(app.url, `/ws?room=${room}`, { cookie: person.cookie });
const say = (person: TestUser, text: string, nonce: string = randomUUID()) =>
  person.client.post(`/api/rooms/${room}/messages`, { text, nonce });
const waiting = async () => (await moderator.client.get(`/api/rooms/${room}/held`)).body.held;
const decide = (id: string, verb: 'approve' | 'deny', by = moderator) =>
  by.client.post(`/api/rooms/${room}/held/${id}/${verb}`);
/** All that somebody who is not staff can get to read of the room. */
async function readable(watcher: SocketClient): Promise<string> {
  const late = await enter(ann);
  const { seq } = await late.find('live');
  late.send('history', { before: seq + 1, limit: 100 });
  const page = await late.find('history');
  const answers = await Promise.all([
    ann.client.get(`/api/rooms/${room}/messages?limit=200`),
    ann.client.get(`/chat/${room}`),
    app.client().get(`/chat/${room}`),
    ann.client.get(`/api/rooms/${room}/held`),
    ann.client.get(`/api/rooms/${room}`),
  ]);
  return [...answers.map(({ text }) => text), JSON.stringify([watcher.frames, late.frames, page])].join('\n');
}

describe('a message that waits for review', () => {
  it('is read by staff alone until it is approved, then it is its author’s, in the log', async () => {
    const [author, watcher, staff] = [await enter(bob), await enter(ann), await enter(moderator)];
    author.send('say', { text: 'the held words', nonce: 'nonce-held-1' });
    const { id, nonce } = await author.next('held');
    expect(nonce).toBe('nonce-held-1');
    const told = await staff.next('held.added');
    expect(told).toEqual({
      id,
      author: expect.objectContaining({ id: bob.user.id, nickname: bob.user.nickname }),
      text: 'the held words',
      why: 'mode',
      at: expect.any(String),
    });
    expect(await waiting()).toEqual([told]);
    expect(await readable(watcher)).not.toContain('held words');

    // A retry, by whatever way and whatever the mode, is answered the same.
    author.send('say', { text: 'the held words', nonce: 'nonce-held-1' });
    expect(await author.next('held')).toEqual({ id, nonce });
    await review(false);
    const again = await say(bob, 'the held words', 'nonce-held-1');
    expect([again.status, again.body]).toEqual([202, { id, nonce }]);
    await review(true);

    const approved = await decide(id, 'approve');
    expect(approved.status).toBe(200);
    expect(approved.body).toMatchObject({ id, seq: expect.any(Number) });
    expect(await watcher.next('message.posted')).toMatchObject({
      seq: approved.body.seq,
      id,
      nonce,
      text: 'the held words',
      author: { id: bob.user.id, role: 'user' },
    });
    expect(await staff.next('held.settled')).toEqual({ id, as: 'approved' });
    expect((await say(bob, 'x', 'nonce-held-1')).body).toEqual({ ...approved.body, dup: true });
    expect(await waiting()).toEqual([]);
  });

  it('is never posted once it is denied, and its author is told', async () => {
    const [author, watcher] = [await enter(bob), await enter(ann)];
    author.send('say', { text: 'the bad words', nonce: 'nonce-bad-1' });
    const { id } = await author.next('held');
    expect((await decide(id, 'deny')).status).toBe(204);
    expect(await author.next('error')).toMatchObject({ code: 'text.denied', nonce: 'nonce-bad-1' });
    const retry = await say(bob, 'the bad words', 'nonce-bad-1');
    expect([retry.status, retry.body.error.code]).toEqual([403, 'text.denied']);
    expect((await decide(id, 'approve')).status).toBe(404);
    expect(await readable(watcher)).not.toContain('bad words');
  });

  it('is decided about once, whoever else does so at the same time', async () => {
    for (const verbs of [
      ['approve', 'approve', 'approve'],
      ['approve', 'deny', 'deny'],
    ] as const) {
      const { id } = (await say(bob, 'race')).body;
      const answers = await Promise.all(
        verbs.map((verb, n) => decide(id, verb, n === 0 ? moderator : admin)),
      );
      const posted =
        (await ann.client.get(`/api/rooms/${room}/messages?limit=200`)).text.split(id).length - 1;
      const seqs = answers.flatMap(({ body }) => (body?.seq === undefined ? [] : [body.seq]));
      expect(new Set(seqs).size).toBe(posted);
      expect(answers.map(({ status }) => status).every((status) => [200, 204, 404].includes(status))).toBe(
        true,
      );
      // With a denial in it, either all approve or all deny.
      expect(answers.some(({ status }) => status === 204)).toBe(posted === 0);
    }
  });

  it('is posted though its author tries to use its nonce for something else', async () => {
    await review(false);
    const { seq } = (await say(bob, 'mine')).body;
    await review(true);
    const nonce = randomUUID();
    const { id } = (await say(bob, 'held', nonce)).body;
    expect((await bob.client.delete(`/api/rooms/${room}/messages/${seq}`, { nonce })).status).toBe(400);
    expect((await decide(id, 'approve')).status).toBe(200);
  });

  it('is dropped with a ban, and by a removal of what its author said', async () => {
    const staff = await enter(moderator);
    const { id } = (await say(bob, 'before the ban')).body;
    await moderator.client.post(`/api/rooms/${room}/sanctions`, { user: bob.user.id, action: 'ban' });
    expect(await staff.next('held.dropped')).toEqual({ user: bob.user.id });
    expect(await waiting()).toEqual([]);
    expect((await decide(id, 'approve')).status).toBe(404);
  });

  it('is let go of after an hour', async () => {
    const author = await enter(bob);
    author.send('say', { text: 'too late', nonce: 'nonce-late-1' });
    await author.next('held');
    clock.advance(HELD_MS + MINUTE);
    await app.get(HeldService).sweep();
    expect(await author.next('error')).toMatchObject({ code: 'text.denied', nonce: 'nonce-late-1' });
    expect(await waiting()).toEqual([]);
  });

  it('is one of five at most, and their nonces cost nothing', async () => {
    const nonces = Array.from({ length: 5 }, () => randomUUID());
    for (const nonce of nonces) {
      expect((await say(bob, 'one of five', nonce)).status).toBe(202);
    }
    const refusal = await say(bob, 'the sixth');
    expect([refusal.status, refusal.body.error.code]).toEqual([429, 'held.full']);
    expect((await say(bob, 'again', nonces[0])).status).toBe(202);
    expect((await say(ann, 'mine')).status).toBe(202);
  });
});

it('lets staff speak, and nobody edit what was let through', async () => {
  const { id } = (await say(bob, 'harmless')).body;
  const { seq } = (await decide(id, 'approve')).body;
  const edit = await bob.client.patch(`/api/rooms/${room}/messages/${seq}`, {
    text: 'harmful',
    nonce: randomUUID(),
  });
  expect([edit.status, edit.body.error.code]).toEqual([403, 'room.no-edits']);
  expect((await say(moderator, 'as staff')).status).toBe(201);
});

it('is caused by a term, too', async () => {
  await review(false);
  const terms = [{ text: 'odd*', outcome: 'hold' }];
  expect((await moderator.client.post(`/api/rooms/${room}/terms`, { terms })).status).toBe(201);
  expect((await say(bob, 'how oddly put')).status).toBe(202);
  expect(await waiting()).toMatchObject([{ text: 'how oddly put', why: 'term' }]);
  const { seq } = (await say(bob, 'plain')).body;
  const edit = { text: 'odd', nonce: randomUUID() };
  const changed = await bob.client.patch(`/api/rooms/${room}/messages/${seq}`, edit);
  expect(changed.body.error.code).toBe('text.blocked');
});

it('is for staff of the room alone', async () => {
  const { id } = (await say(bob, 'mine')).body;
  expect((await bob.client.get(`/api/rooms/${room}/held`)).status).toBe(403);
  expect((await app.client().get(`/api/rooms/${room}/held`)).status).toBe(401);
  expect((await decide(id, 'approve', bob)).status).toBe(403);
  expect((await decide(id, 'deny', ann)).status).toBe(403);
  expect((await decide(randomUUID(), 'approve')).status).toBe(404);
  expect((await decide('x', 'approve')).status).toBe(404);
  const elsewhere = await moderator.client.post(`/api/rooms/lobby/held/${id}/approve`);
  expect(elsewhere.status).toBe(404);
});
