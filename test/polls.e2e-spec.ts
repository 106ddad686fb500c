import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { PollCourse } from '../src/moderation/polls/poll.course.js';
import { VOTES } from '../src/moderation/polls/polls.service.js';
import type { PollView } from '../src/protocol/views.js';
import type { ApiClient } from './support/api-client.js';
import { sql, type TestApp } from './support/app.js';
import { DAY, TestClock } from './support/clock.js';
import { aModerator, aRoomBy, aUser, type TestUser, uniqueName } from './support/factories.js';
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
  room = await aRoom();
});

const aRoom = () => aRoomBy(admin);
const TEA = { question: 'Tea or coffee?', choices: ['Tea', 'Coffee', 'Water'], seconds: 60 };
const path = (below: string, slug = room) => `/api/rooms/${slug}/polls${below}`;
const enter = (person: TestUser | null, query = '') =>
  SocketClient.open(app.url, `/ws?room=${room}${query}`, person ? { cookie: person.cookie } : {});
const start = (more: object = {}, by = moderator) => by.client.post(path(''), { ...TEA, ...more });
const started = async (more: object = {}): Promise<PollView> => (await start(more)).body.poll;
const vote = (who: { client: ApiClient }, id: string, choice: unknown, slug = room) =>
  who.client.request('PUT', path(`/${id}/vote`, slug), { choice });
const end = (id: string, by = moderator, slug = room) => by.client.post(path(`/${id}/end`, slug));
const list = async (who: { client: ApiClient } = ann): Promise<PollView[]> =>
  (await who.client.get(path(''))).body.polls;
const codeOf = async (answer: Promise<{ body: { error?: { code: string } } | null }>) =>
  (await answer).body?.error?.code ?? null;
const sanction = (who: TestUser, more: object) =>
  moderator.client.post(`/api/rooms/${room}/sanctions`, { user: who.user.id, ...more });

describe('a poll', () => {
  it('is an entry when it opens and when it ends, and tells nobody who chose what', async () => {
    const watcher = await enter(null);
    const answer = await start();
    expect(answer.status).toBe(201);
    const opened = await watcher.next('room.poll-opened');
    expect(opened).toEqual({
      seq: 1,
      id: answer.body.poll.id,
      question: TEA.question,
      choices: TEA.choices,
      by: { id: moderator.user.id, nickname: moderator.user.nickname },
      at: expect.any(String),
      closesAt: expect.any(String),
    });
    expect(Math.round((Date.parse(opened.closesAt) - Date.parse(opened.at)) / 1000)).toBe(60);
    expect(answer.body.poll).toEqual({ ...opened, counts: [0, 0, 0] });

    expect((await vote(ann, opened.id, 1)).body.poll).toMatchObject({ counts: [0, 1, 0], vote: 1 });
    expect(await watcher.next('poll.counts')).toEqual({ id: opened.id, counts: [0, 1, 0] });
    await vote(bob, opened.id, 1);
    // Changed while it is open: counted once.
    expect((await vote(ann, opened.id, 0)).body.poll).toMatchObject({ counts: [1, 1, 0], vote: 0 });
    await watcher.next('poll.counts', ({ counts }) => counts[0] === 1 && counts[1] === 1);

    expect((await end(opened.id)).body.poll).toMatchObject({
      counts: [1, 1, 0],
      closedAt: expect.any(String),
    });
    expect(await watcher.next('room.poll-closed')).toEqual({
      seq: 2,
      id: opened.id,
      opened: 1,
      question: TEA.question,
      choices: TEA.choices,
      counts: [1, 1, 0],
      early: true,
      at: expect.any(String),
    });
    const text = JSON.stringify(watcher.frames);
    for (const { user } of [ann, bob]) {
      expect(text).not.toContain(user.id);
    }
    const page = await app.client().get(`/chat/${room}`);
    expect(page.text).toContain('Tea 50% (1) · Coffee 50% (1) · Water 0% (0)');
    const { actions } = (await moderator.client.get(`/api/rooms/${room}/actions`)).body;
    expect(actions.map(({ action }: { action: string }) => action)).toEqual(['poll.end', 'poll.start']);
  });

  it('is known to whoever comes late, with how it stands and one’s own vote, and to a resumed socket', async () => {
    const poll = await started();
    await vote(ann, poll.id, 2);
    for (let n = 0; n < 55; n++) {
      await moderator.client.post(`/api/rooms/${room}/messages`, { text: `words ${n}`, nonce: randomUUID() });
    }
    const own = await (await enter(ann)).find('welcome');
    expect(own.poll).toMatchObject({ id: poll.id, seq: 1, counts: [0, 0, 1], vote: 2 });
    const guest = await (await enter(null)).find('welcome');
    expect(guest.poll).toMatchObject({ id: poll.id });
    expect(guest.poll).not.toHaveProperty('vote');
    const resumed = await enter(bob, `&after=0&epoch=${own.epoch}`);
    expect((await resumed.find('room.poll-opened')).id).toBe(poll.id);
    expect(await list(ann)).toMatchObject([{ id: poll.id, vote: 2, counts: [0, 0, 1] }]);
    expect((await list(bob))[0]).not.toHaveProperty('vote');
    await end(poll.id);
    expect((await (await enter(ann)).find('welcome')).poll).toBeUndefined();
  });

  it('ends by itself once, however often that is looked at, and takes no vote from then on', async () => {
    const watcher = await enter(ann);
    const poll = await started({ seconds: 15 });
    await vote(ann, poll.id, 0);
    clock.advance(15_000);
    expect(await codeOf(vote(bob, poll.id, 1))).toBe('poll.closed');
    const course = app.get(PollCourse);
    await Promise.all([course.look(), course.look(), end(poll.id)]);
    await course.look();
    const closed = await watcher.next('room.poll-closed');
    expect(closed).toMatchObject({ id: poll.id, counts: [1, 0, 0] });
    expect(closed).not.toHaveProperty('early');
    expect(await codeOf(vote(ann, poll.id, 1))).toBe('poll.closed');
    expect((await end(poll.id)).status).toBe(200);
    await start();
    await watcher.next('room.poll-opened', ({ id }) => id !== poll.id);
    const closings = watcher.entries.filter(({ event }) => event === 'room.poll-closed');
    expect(closings).toHaveLength(1);
  });

  it('is seen through by others when who opened or closed it died on the way', async () => {
    const { roomId } = (
      await sql<{ roomId: number }>(app, `SELECT id AS "roomId" FROM rooms WHERE slug = '${room}'`)
    )[0]!;
    const row = (id: string, closedAt: number | null) =>
      sql(
        app,
        `INSERT INTO polls (id, room_id, question, choices, by_id, by_name, by_role, by_address, at, closes_at, closed_at)
         VALUES ('${id}', ${roomId}, 'Why?', '["A","B"]', '${moderator.user.id}', 'Mod', 'moderator', '127.0.0.1',
         ${clock.now()}, ${clock.now() + 60_000}, ${closedAt})`,
      );
    const watcher = await enter(ann);
    const course = app.get(PollCourse);
    const [opening, closing] = [randomUUID(), randomUUID()];
    await row(opening, null);
    await course.look();
    clock.advance(10_000);
    await Promise.all([course.look(), course.look()]);
    expect(await watcher.next('room.poll-opened')).toMatchObject({ id: opening, seq: 1 });
    await end(opening);
    await row(closing, clock.now());
    clock.advance(10_000);
    await course.look();
    expect(await watcher.next('room.poll-closed', ({ id }) => id === closing)).toMatchObject({
      seq: 4,
      early: true,
    });
    await course.look();
    expect(watcher.entries.map(({ data }) => data.seq)).toEqual([1, 2, 3, 4]);
  });

  it('is the same when it is asked for again with the same nonce, and there is one at a time', async () => {
    const nonce = randomUUID();
    const answers = await Promise.all([start({ nonce }), start({ nonce }), start({ nonce })]);
    expect(new Set(answers.map(({ body }) => body.poll.id)).size).toBe(1);
    expect(await codeOf(start({}, admin))).toBe('poll.open');
    expect(await list()).toHaveLength(1);
    const both = await aRoom();
    const rivals = await Promise.all(
      [moderator, admin].map(({ client }) => client.post(path('', both), TEA)),
    );
    expect(new Set(rivals.map(({ status }) => status))).toEqual(new Set([201, 409]));
  });

  it('counts one vote of a person who sends many at once', async () => {
    const poll = await started();
    await Promise.all([0, 1, 2, 1, 0].map((choice) => vote(ann, poll.id, choice)));
    const [{ counts }] = (await list()) as [PollView];
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1);
  });
});

describe('abuse', () => {
  it('only staff of the room ask and end', async () => {
    const poll = await started();
    for (const person of [ann, bob]) {
      expect((await end(poll.id, person)).status).toBe(403);
      expect((await start({}, person)).status).toBe(403);
    }
    expect((await app.client().post(path(''), TEA)).status).toBe(401);
    expect((await app.client().post(path(`/${poll.id}/end`))).status).toBe(401);
    expect((await vote({ client: app.client() }, poll.id, 0)).status).toBe(401);
    // A moderator of another room alone.
    const other = await aRoom();
    await admin.client.request('PUT', `/api/rooms/${other}/moderators/${bob.user.id}`);
    expect((await start({}, bob)).status).toBe(403);
    expect((await bob.client.post(path('', other), TEA)).status).toBe(201);
  });

  it('refuses what is no poll of this room, and no choice of this poll', async () => {
    const [poll, other] = [await started({ choices: ['A', 'B'] }), await aRoom()];
    for (const id of [randomUUID(), 'x', '%00', '..', '1']) {
      expect(await codeOf(vote(ann, id, 0)), id).toBe('not-found');
    }
    expect(await codeOf(vote(ann, poll.id, 0, other))).toBe('not-found');
    expect(await codeOf(end(poll.id, moderator, other))).toBe('not-found');
    for (const choice of [2, 5, -1, 0.5, '0', null, [0], { a: 1 }]) {
      expect(await codeOf(vote(ann, poll.id, choice)), JSON.stringify(choice)).toBe('frame.invalid');
    }
    expect((await list())[0]).toMatchObject({ counts: [0, 0] });
  });

  it.each([
    ['no question', { question: '  ' }, 'text.empty'],
    ['a long question', { question: 'x'.repeat(201) }, 'text.too-long'],
    ['one choice', { choices: ['A'] }, 'frame.invalid'],
    ['six choices', { choices: ['A', 'B', 'C', 'D', 'E', 'F'] }, 'frame.invalid'],
    ['an empty choice', { choices: ['A', ' '] }, 'text.empty'],
    ['a long choice', { choices: ['A', 'x'.repeat(81)] }, 'text.too-long'],
    ['the same choice twice', { choices: ['Tea', ' ｔＥａ '] }, 'frame.invalid'],
    ['choices that are no text', { choices: ['A', 1] }, 'frame.invalid'],
    ['too short', { seconds: 14 }, 'frame.invalid'],
    ['too long', { seconds: 1801 }, 'frame.invalid'],
    ['NUL', { question: 'a\0b' }, 'frame.invalid'],
    ['somebody else’s name on it', { byId: 'x' }, 'frame.invalid'],
  ])('refuses %s', async (_what, more, code) => {
    expect(await codeOf(start(more))).toBe(code);
    expect(await list()).toEqual([]);
  });

  it('keeps whoever may not write from voting', async () => {
    const poll = await started({ seconds: 600 });
    await sanction(ann, { action: 'timeout', seconds: 30 });
    const timedOut = await vote(ann, poll.id, 0);
    expect([timedOut.status, timedOut.body.error.code]).toEqual([403, 'user.timed-out']);
    await sanction(bob, { action: 'ban' });
    expect(await codeOf(vote(bob, poll.id, 0))).toBe('user.banned');
    const carl = await aUser(app);
    const { body } = await moderator.client.post(`/api/rooms/${room}/warnings`, {
      user: carl.user.id,
      reason: 'hm',
    });
    expect(await codeOf(vote(carl, poll.id, 0))).toBe('user.warned');
    await carl.client.post(`/api/rooms/${room}/warnings/${body.warning.id}/acknowledge`);
    expect((await vote(carl, poll.id, 0)).status).toBe(200);
    await moderator.client.patch(`/api/rooms/${room}`, { settings: { established: 86_400 } });
    expect(await codeOf(vote(await aUser(app), poll.id, 0))).toBe('room.established-only');
    await moderator.client.patch(`/api/rooms/${room}`, { settings: { established: 0, hostsOnly: true } });
    expect((await vote(await aUser(app), poll.id, 1)).status).toBe(200);
    await admin.client.patch(`/api/rooms/${room}`, { archived: true });
    expect(await codeOf(vote(carl, poll.id, 1))).toBe('room.read-only');
    await end(poll.id);
    expect(await codeOf(start())).toBe('room.read-only');
  });

  it('lets guests vote where they may write', async () => {
    const poll = await started();
    const guest = { client: app.client() };
    await moderator.client.patch(`/api/rooms/${room}`, { settings: { guests: true } });
    await guest.client.post('/user/guest', { nickname: uniqueName('g'), room });
    expect((await vote(guest, poll.id, 1)).body.poll).toMatchObject({ counts: [0, 1, 0], vote: 1 });
    await moderator.client.patch(`/api/rooms/${room}`, { settings: { guests: false } });
    expect(await codeOf(vote(guest, poll.id, 0))).toBe('room.members-only');
  });

  it('takes so many votes of one person in a while', async () => {
    const poll = await started();
    for (let n = 0; n < VOTES; n++) {
      expect((await vote(ann, poll.id, n % 3)).status).toBe(200);
    }
    expect(await codeOf(vote(ann, poll.id, 0))).toBe('rate.limited');
    expect((await vote(bob, poll.id, 0)).status).toBe(200);
  });

  it('does not let a message pass for the opening of a poll', async () => {
    const nonce = randomUUID();
    const { id } = (await start({ nonce })).body.poll;
    await end(id);
    // The log tells the same nonce of the same person that it has it already.
    const answer = await moderator.client.post(`/api/rooms/${room}/messages`, {
      text: 'I am a poll',
      nonce: `poll-open-${id}`,
    });
    expect(answer.body).toMatchObject({ seq: 1, dup: true });
    expect((await (await enter(ann)).find('welcome')).poll).toBeUndefined();
  });
});

describe('what is kept of a person', () => {
  it('has their votes in their own file, and none once they have left', async () => {
    const poll = await started();
    await vote(bob, poll.id, 1);
    const file = JSON.parse((await bob.client.get('/user/export')).text);
    expect(file.votes).toEqual([{ room, question: TEA.question, choice: 'Coffee', at: expect.any(String) }]);
    await bob.client.post('/user/delete', { currentPassword: bob.password, messages: 'keep' });
    expect(await sql(app, `SELECT * FROM poll_votes WHERE user_id = '${bob.user.id}'`)).toEqual([]);
    expect((await end(poll.id)).body.poll.counts).toEqual([0, 0, 0]);
  });

  it('does not name who asked once they have left', async () => {
    const host = await aModerator(app);
    const { id } = (await start({}, host)).body.poll;
    const watcher = await enter(ann);
    await host.client.post('/user/delete', { currentPassword: host.password, messages: 'keep' });
    await watcher.find('user.deleted');
    const late = await enter(ann);
    expect((await late.find('welcome')).poll).toMatchObject({ id, by: { id: '', nickname: '' } });
    await late.find('live');
    const texts = [JSON.stringify(late.frames), JSON.stringify(await list())];
    texts.forEach((text) => expect(text).not.toContain(host.user.nickname));
    await end(id);
  });

  it('is forgotten after 30 days, but for the result in the log', async () => {
    const poll = await started();
    await vote(ann, poll.id, 1);
    await end(poll.id);
    clock.advance(31 * DAY);
    await app.get(PollCourse).forget();
    expect(await sql(app, `SELECT * FROM poll_votes WHERE poll_id = '${poll.id}'`)).toEqual([]);
    const late = await enter(null);
    expect(await late.find('room.poll-closed')).toMatchObject({ id: poll.id, counts: [0, 1, 0] });
  });
});
