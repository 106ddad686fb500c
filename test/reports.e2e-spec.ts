import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { MOST_REPORTED, REPORTS, ReportsService } from '../src/moderation/reports/reports.service.js';
import type { TestApp } from './support/app.js';
import { DAY, MINUTE, TestClock } from './support/clock.js';
import { aModerator, aRoomBy, aUser, type TestUser } from './support/factories.js';
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
});
afterAll(() => app.stop());
beforeEach(async () => {
  [ann, bob] = [await aUser(app), await aUser(app)];
  room = await aRoomBy(admin);
});

const path = (below: string) => `/api/rooms/${room}/${below}`;
const enter = (person: TestUser) => SocketClient.open(app.url, `/ws?room=${room}`, { cookie: person.cookie });
const say = async (person: TestUser, text: string): Promise<number> =>
  (await person.client.post(path('messages'), { text, nonce: randomUUID() })).body.seq;
const report = (person: TestUser, seq: number, body: object = { reason: 'spam' }) =>
  person.client.post(path(`messages/${seq}/report`), body);
const waiting = async (by = moderator) => (await by.client.get(path('reports'))).body.reported;
const dismiss = (seq: number, by = moderator, body?: object) =>
  by.client.post(path(`reports/${seq}/dismiss`), body);
const codeOf = async (answer: ReturnType<typeof report>) => (await answer).body?.error?.code ?? null;

describe('a report', () => {
  it('is pushed to staff with what is said about the message, once for each person, and to nobody else', async () => {
    const [staff, author, reporter] = [await enter(moderator), await enter(bob), await enter(ann)];
    const seq = await say(bob, 'buy my things');
    expect((await report(ann, seq, { reason: 'spam', words: '  all day  ' })).status).toBe(204);
    const told = await staff.next('report.added');
    expect(told).toEqual({
      target: seq,
      message: {
        author: expect.objectContaining({ id: bob.user.id, nickname: bob.user.nickname }),
        text: 'buy my things',
        at: expect.any(String),
      },
      count: 1,
      reports: [
        {
          by: { id: ann.user.id, nickname: ann.user.nickname },
          reason: 'spam',
          words: 'all day',
          at: expect.any(String),
        },
      ],
      at: expect.any(String),
    });
    expect(await waiting()).toEqual([told]);

    // Once more by the same person: answered the same, and nothing is told. Then by somebody else.
    expect((await report(ann, seq, { reason: 'hate' })).status).toBe(204);
    const carl = await aUser(app);
    await report(carl, seq, { reason: 'harassment' });
    const more = await staff.next('report.added');
    expect([more.count, more.reports.map(({ reason }) => reason)]).toEqual([2, ['harassment', 'spam']]);

    await moderator.client.patch(`/api/rooms/${room}`, { settings: { slowMode: 3 } });
    await Promise.all([author, reporter].map((socket) => socket.find('room.changed')));
    for (const { frames } of [author, reporter]) {
      expect(JSON.stringify(frames)).not.toContain('report.');
    }
    for (const person of [bob, ann]) {
      expect((await person.client.get(path('reports'))).status).toBe(403);
      expect((await dismiss(seq, person)).status).toBe(403);
    }
    expect(JSON.stringify((await bob.client.get('/user/export')).text)).not.toContain('all day');
  });

  it('shows how the message read, whatever its author makes of it', async () => {
    const seq = await say(bob, 'the bad words');
    await report(ann, seq);
    await bob.client.patch(path(`messages/${seq}`), { text: 'nothing at all', nonce: randomUUID() });
    expect(await waiting()).toMatchObject([{ message: { text: 'the bad words' } }]);
  });

  it.each([
    ['removed by staff', 'removed', (seq: number) => moderator.client.delete(path(`messages/${seq}`))],
    [
      'taken back',
      'removed',
      (seq: number) => bob.client.delete(path(`messages/${seq}`), { nonce: randomUUID() }),
    ],
    ['cleared', 'removed', () => moderator.client.post(path('clear'))],
    [
      'followed by a time-out',
      'sanctioned',
      () => moderator.client.post(path('sanctions'), { user: bob.user.id, action: 'timeout' }),
    ],
    [
      'followed by a ban from the server',
      'sanctioned',
      () => admin.client.post('/api/sanctions', { user: bob.user.id, action: 'ban' }),
    ],
    ['dismissed', 'dismissed', (seq: number) => dismiss(seq)],
  ])('is closed once the message is %s', async (_how, as, act) => {
    const staff = await enter(moderator);
    const seq = await say(bob, 'words');
    await report(ann, seq);
    await staff.next('report.added');
    expect((await act(seq)).status).toBeLessThan(300);
    expect(await staff.next('report.settled')).toEqual({ target: seq, as });
    expect(await waiting()).toEqual([]);
    expect((await dismiss(seq)).status).toBe(404);
  });

  it('is kept from whom it is about, staff or not', async () => {
    const [accused, staff] = [await enter(moderator), await enter(admin)];
    const seq = await say(moderator, 'as staff');
    await report(ann, seq, { reason: 'other', words: 'rude' });
    await staff.next('report.added');
    expect(await waiting(moderator)).toEqual([]);
    expect(await waiting(admin)).toHaveLength(1);
    expect((await dismiss(seq, moderator)).status).toBe(403);
    await dismiss(seq, admin, { reason: 'it was not' });
    await accused.find('staff.action');
    expect(JSON.stringify(accused.frames)).not.toContain('report.added');
    expect(JSON.stringify(accused.frames)).not.toContain('report.settled');
    const { body } = await moderator.client.get(path('actions?action=report.dismiss'));
    expect(body.actions).toMatchObject([
      { by: { id: admin.user.id }, user: { id: moderator.user.id }, target: seq, reason: 'it was not' },
    ]);
    expect(JSON.stringify(body)).not.toContain(ann.user.nickname);
  });

  it('is decided about once by two who do so at the same time, and may be made anew by others', async () => {
    const seq = await say(bob, 'words');
    await report(ann, seq);
    const answers = await Promise.all([dismiss(seq), dismiss(seq, admin)]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204, 404]));
    const { body } = await moderator.client.get(path('actions?action=report.dismiss'));
    expect(body.actions).toHaveLength(1);
    await report(ann, seq);
    expect(await waiting()).toEqual([]);
    await report(await aUser(app), seq);
    expect(await waiting()).toMatchObject([{ count: 1 }]);
  });

  it('stands once for a person who sends it many times at once', async () => {
    const seq = await say(bob, 'words');
    const answers = await Promise.all(Array.from({ length: 5 }, () => report(ann, seq)));
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204, 204]);
    expect(await waiting()).toMatchObject([{ count: 1 }]);
  });
});

it('refuses what makes no sense, with its reason', async () => {
  const seq = await say(bob, 'words');
  const own = await say(ann, 'mine');
  expect(await codeOf(report(ann, own))).toBe('auth.forbidden');
  expect(await codeOf(report(ann, 999))).toBe('not-found');
  expect(await codeOf(report(ann, seq, { reason: 'dislike' }))).toBe('frame.invalid');
  expect(await codeOf(report(ann, seq, {}))).toBe('frame.invalid');
  expect(await codeOf(report(ann, seq, { reason: 'other', words: 'x'.repeat(501) }))).toBe('frame.invalid');
  expect((await app.client().post(path(`messages/${seq}/report`), { reason: 'spam' })).status).toBe(401);
  await moderator.client.delete(path(`messages/${seq}`));
  expect(await codeOf(report(ann, seq))).toBe('not-found');
  const { seq: change } = (await moderator.client.post(path('clear'))).body;
  expect(await codeOf(report(ann, change))).toBe('not-found');
  await moderator.client.post(path('sanctions'), { user: ann.user.id, action: 'ban' });
  expect(await codeOf(report(ann, await say(bob, 'more')))).toBe('user.banned');
});

it('takes so many of one person in a while, and so many messages in a room', async () => {
  const seqs = await Promise.all(
    Array.from({ length: MOST_REPORTED + 1 }, (_, n) => say(moderator, `words ${n}`)),
  );
  const reporters = await Promise.all(Array.from({ length: MOST_REPORTED / REPORTS }, () => aUser(app)));
  await Promise.all(
    reporters.map(async (person, n) => {
      for (const seq of seqs.slice(n * REPORTS, (n + 1) * REPORTS)) {
        expect((await report(person, seq)).status).toBe(204);
      }
    }),
  );
  const [first] = reporters as [TestUser];
  const refused = await report(first, seqs.at(-1)!);
  expect([refused.status, refused.body.error.code]).toEqual([429, 'rate.limited']);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  // Again what was reported costs nothing.
  expect((await report(first, seqs[0]!)).status).toBe(204);
  expect(await codeOf(report(ann, seqs.at(-1)!))).toBe('report.full');
  expect((await report(ann, seqs[0]!)).status).toBe(204);
  expect(await waiting(admin)).toHaveLength(MOST_REPORTED);
});

it('is forgotten after 30 days', async () => {
  const seq = await say(bob, 'old words');
  await report(ann, seq);
  clock.advance(30 * DAY + MINUTE);
  await app.get(ReportsService).sweep();
  // The log-ins of then have ended, too.
  expect(await waiting(await aModerator(app))).toEqual([]);
});
