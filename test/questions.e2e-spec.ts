import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { QuestionsService } from '../src/moderation/questions/questions.service.js';
import type { QuestionView } from '../src/protocol/views.js';
import type { ApiClient } from './support/api-client.js';
import { sql, type TestApp } from './support/app.js';
import { DAY, MINUTE, TestClock } from './support/clock.js';
import { eventually } from './support/eventually.js';
import { aRoomBy, aUser, type TestUser, uniqueName } from './support/factories.js';
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

const aRoom = async (questions = true) => {
  const slug = await aRoomBy(admin, 'stream');
  if (questions) {
    await moderator.client.patch(`/api/rooms/${slug}`, { settings: { questions } });
  }
  return slug;
};
type Caller = { client: ApiClient };
const path = (below = '', slug = room) => `/api/rooms/${slug}/questions${below}`;
const settings = (changes: object) => moderator.client.patch(`/api/rooms/${room}`, { settings: changes });
const enter = async (person: TestUser | null) => {
  const socket = await SocketClient.open(
    app.url,
    `/ws/streaming?room=${room}`,
    person ? { cookie: person.cookie } : {},
  );
  await socket.find('live');
  return socket;
};
const ask = (who: Caller, text = 'Why?', more: object = {}) => who.client.post(path(), { text, ...more });
const asked = async (who: Caller, text = 'Why?'): Promise<QuestionView> =>
  (await ask(who, text)).body.question;
const vote = (who: Caller, id: string, method = 'PUT', slug = room) =>
  who.client.request(method, path(`/${id}/vote`, slug));
const answer = (who: Caller, id: string) => who.client.post(path(`/${id}/answer`));
const remove = (who: Caller, id: string, slug = room) => who.client.delete(path(`/${id}`, slug));
const list = async (who: Caller = bob): Promise<QuestionView[]> =>
  (await who.client.get(path())).body.questions;
const codeOf = async (response: Promise<{ body: { error?: { code: string } } | null }>) =>
  (await response).body?.error?.code ?? null;
const sanction = (who: TestUser, more: object) =>
  moderator.client.post(`/api/rooms/${room}/sanctions`, { user: who.user.id, ...more });

describe('questions', () => {
  it('are asked, voted for once each, answered, and told to everybody as that happens', async () => {
    const watcher = await enter(null);
    const first = await ask(ann, '  When does it begin?  ');
    expect(first.status).toBe(201);
    const { question } = first.body;
    expect(question).toMatchObject({ text: 'When does it begin?', votes: 0, status: 'open', own: true });
    const told = await watcher.next('question.asked');
    expect(told).toMatchObject({ id: question.id, author: { id: ann.user.id }, votes: 0 });
    expect(told).not.toHaveProperty('own');
    const second = await asked(bob, 'Who plays?');
    expect((await vote(ann, second.id)).body.question).toMatchObject({ votes: 1, voted: true });
    await Promise.all(Array.from({ length: 4 }, () => vote(ann, second.id)));
    await watcher.next('question.votes', ({ votes }) => votes[second.id] === 1);
    expect((await list(ann)).map(({ id, votes, voted = false }) => [id, votes, voted])).toEqual([
      [second.id, 1, true],
      [question.id, 0, false],
    ]);
    expect((await vote(ann, second.id, 'DELETE')).body.question).toMatchObject({ votes: 0 });
    await vote(ann, second.id);

    expect((await answer(moderator, second.id)).body.question).toMatchObject({
      status: 'answered',
      votes: 1,
    });
    await watcher.next('question.asked', ({ id, status }) => id === second.id && status === 'answered');
    expect((await answer(moderator, second.id)).status).toBe(200);
    expect((await list()).map(({ id }) => id)).toEqual([question.id, second.id]);
    expect(await codeOf(vote(ann, second.id))).toBe('not-found');
    expect((await remove(moderator, question.id)).status).toBe(204);
    expect(await watcher.next('question.removed')).toEqual({ id: question.id });
    expect((await remove(moderator, question.id)).status).toBe(404);
    const { actions } = (await moderator.client.get(`/api/rooms/${room}/actions`)).body;
    const kinds = actions.map(({ action }: { action: string }) => action);
    expect(kinds.slice(0, 2)).toEqual(['question.remove', 'question.answer']);
  });

  it('are off until staff switch them on', async () => {
    room = await aRoom(false);
    expect(await codeOf(ask(ann))).toBe('questions.off');
    expect((await ann.client.patch(`/api/rooms/${room}`, { settings: { questions: true } })).status).toBe(
      403,
    );
    await settings({ questions: true });
    const { id } = await asked(ann);
    await settings({ questions: false });
    expect(await codeOf(vote(bob, id))).toBe('questions.off');
  });

  it('are one in a minute of each person, and the same nonce is the same question', async () => {
    const nonce = randomUUID();
    const answers = [await ask(ann, 'Why?', { nonce }), await ask(ann, 'Why?', { nonce })];
    expect(new Set(answers.map(({ body }) => body.question.id)).size).toBe(1);
    const refused = await ask(ann, 'And why not?');
    expect([refused.status, refused.body.error.code]).toEqual([429, 'rate.limited']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
    clock.advance(MINUTE);
    expect((await ask(ann, 'And why not?')).status).toBe(201);
    expect((await ask(moderator, 'One?')).status).toBe(201);
    expect((await ask(moderator, 'Two?')).status).toBe(201);
  });

  it('wait for staff where the room is reviewed, or a term says so, and nobody else sees them till then', async () => {
    await settings({ hold: true });
    const [watcher, staff] = [await enter(bob), await enter(moderator)];
    const { id, status } = await asked(ann, 'a secret word');
    expect(status).toBe('held');
    expect(await staff.next('question.asked')).toMatchObject({ id, status: 'held' });
    expect(await list(bob)).toEqual([]);
    expect(await list({ client: app.client() })).toEqual([]);
    expect(await list(ann)).toMatchObject([{ id, own: true }]);
    expect(await codeOf(vote(bob, id))).toBe('not-found');
    expect((await bob.client.post(path(`/${id}/approve`))).status).toBe(403);
    expect((await moderator.client.post(path(`/${id}/approve`))).status).toBe(200);
    expect(await watcher.next('question.asked')).toMatchObject({ id, status: 'open' });
    const before = watcher.frames.filter(({ event }) => event === 'question.asked');
    expect(before).toHaveLength(1);
    await settings({ hold: false });
    await moderator.client.post(`/api/rooms/${room}/terms`, {
      terms: [
        { text: 'badword', outcome: 'refuse' },
        { text: 'maskword', outcome: 'mask' },
        { text: 'holdword', outcome: 'hold' },
      ],
    });
    expect(await codeOf(ask(bob, 'a ｂａｄword?'))).toBe('text.blocked');
    expect((await asked(bob, 'a holdword?')).status).toBe('held');
    expect((await asked(await aUser(app), 'a maskword?')).text).not.toContain('maskword');
  });
});

describe('abuse', () => {
  it.each([
    ['nothing', { text: ' ' }, 'text.empty'],
    ['too much', { text: 'x'.repeat(201) }, 'text.too-long'],
    ['no text', { text: 1 }, 'frame.invalid'],
    ['somebody else’s name', { text: 'Why?', authorId: 'x' }, 'frame.invalid'],
    ['a status', { text: 'Why?', status: 'answered' }, 'frame.invalid'],
    ['NUL', { text: 'a\0b' }, 'frame.invalid'],
  ])('refuses %s', async (_what, body, code) => {
    expect(await codeOf(ann.client.post(path(), body))).toBe(code);
    expect(await list()).toEqual([]);
  });

  it('only staff answer and approve, and only they and its author take a question away', async () => {
    const { id } = await asked(ann);
    for (const act of [
      answer(bob, id),
      bob.client.post(path(`/${id}/approve`)),
      remove(bob, id),
      answer(ann, id),
    ]) {
      expect((await act).status).toBe(403);
    }
    const nobody = { client: app.client() };
    expect((await ask(nobody)).status).toBe(401);
    expect((await vote(nobody, id)).status).toBe(401);
    expect((await remove(nobody, id)).status).toBe(401);
    expect(await codeOf(vote(ann, id))).toBe('auth.forbidden');
    const other = await aRoom();
    expect(await codeOf(vote(bob, id, 'PUT', other))).toBe('not-found');
    expect(await codeOf(remove(moderator, id, other))).toBe('not-found');
    for (const wrong of [randomUUID(), '%00', '1']) {
      expect(await codeOf(vote(bob, wrong))).toBe('not-found');
    }
    expect((await remove(ann, id)).status).toBe(204);
    expect(await list()).toEqual([]);
  });

  it('keeps whoever may not write from asking and voting', async () => {
    const { id } = await asked(moderator);
    await sanction(ann, { action: 'timeout', seconds: 60 });
    expect(await codeOf(ask(ann))).toBe('user.timed-out');
    expect(await codeOf(vote(ann, id))).toBe('user.timed-out');
    await sanction(bob, { action: 'ban' });
    expect(await codeOf(ask(bob))).toBe('user.banned');
    await settings({ rules: 'Be kind.' });
    expect(await codeOf(ask(await aUser(app)))).toBe('rules.unread');
    await settings({ rules: '', noLinks: true });
    expect(await codeOf(ask(await aUser(app), 'see example.com'))).toBe('text.links');
    const guest = { client: app.client() };
    await settings({ guests: true });
    await guest.client.post('/user/guest', { nickname: uniqueName('g'), room });
    expect((await ask(guest, 'May I?')).body.question).toMatchObject({ author: { guest: true } });
    await settings({ guests: false });
    expect(await codeOf(vote(guest, id))).toBe('room.members-only');
    await admin.client.patch(`/api/rooms/${room}`, { archived: true });
    expect(await codeOf(ask(await aUser(app)))).toBe('room.read-only');
  });

  it('shows what a hidden person asks to them and staff alone', async () => {
    const [watcher, staff] = [await enter(bob), await enter(moderator)];
    await sanction(ann, { action: 'hide' });
    const mine = await asked(ann, 'Does anybody hear me?');
    expect(mine).not.toHaveProperty('hidden');
    expect(mine.status).toBe('open');
    await staff.next('question.asked');
    expect(await list(moderator)).toMatchObject([{ id: mine.id, hidden: true }]);
    expect(await list(ann)).toHaveLength(1);
    expect(await list(bob)).toEqual([]);
    await asked(bob, 'Next?');
    await watcher.next('question.asked');
    expect(JSON.stringify(watcher.frames)).not.toContain('hear me');
  });

  it('takes what somebody asked along with all they said', async () => {
    const watcher = await enter(bob);
    const { id } = await asked(ann, 'spam?');
    await sanction(ann, { action: 'ban', removeMessages: true });
    expect(await watcher.next('question.removed')).toEqual({ id });
    expect(await list()).toEqual([]);
  });
});

describe('where there is a delay', () => {
  const told = (socket: SocketClient) => JSON.stringify(socket.frames);
  const setDelay = async (delay: number) => expect((await settings({ delay })).status).toBe(200);

  it('what is asked reaches staff and its author at once, and others when it is old enough', async () => {
    await setDelay(60);
    const [staff, author, viewer, guest] = [
      await enter(moderator),
      await enter(ann),
      await enter(bob),
      await enter(null),
    ];
    const { id } = await asked(ann, 'Who is late?');
    await Promise.all([staff, author].map((socket) => socket.next('question.asked')));
    expect([await list(moderator), await list(ann)]).toMatchObject([[{ id }], [{ id, own: true }]]);
    expect([await list(bob), await list({ client: app.client() })]).toEqual([[], []]);
    expect(await codeOf(vote(bob, id))).toBe('not-found');
    await vote(moderator, id);
    const gone = await asked(moderator, 'Spam is late?');
    expect((await remove(moderator, gone.id)).status).toBe(204);
    await staff.next('question.removed');
    clock.advance(MINUTE);
    const shown = await Promise.all([viewer, guest].map((socket) => socket.next('question.asked')));
    expect(shown).toMatchObject([
      { id, votes: 1 },
      { id, votes: 1 },
    ]);
    expect(await list(bob)).toMatchObject([{ id, text: 'Who is late?' }]);
    expect((await vote(bob, id)).status).toBe(200);
    await Promise.all([viewer, guest].map((socket) => socket.next('question.votes')));
    expect(told(viewer) + told(guest)).not.toContain(gone.id);
  });

  it('what is kept back is shown at once when that is switched off', async () => {
    await setDelay(60);
    const viewer = await enter(bob);
    const { id } = await asked(ann);
    await answer(moderator, id);
    await setDelay(0);
    expect(await viewer.next('question.asked')).toMatchObject({ id, status: 'answered' });
    expect(viewer.frames.filter(({ event }) => event === 'question.asked')).toHaveLength(1);
  });
});

describe('what is kept of a person', () => {
  it('is in their own file, and goes as they choose when they leave', async () => {
    const [kept, gone] = [await aUser(app), await aUser(app)];
    const [one, two] = [await asked(kept, 'Kept?'), await asked(gone, 'Gone?')];
    await vote(kept, two.id);
    const file = JSON.parse((await kept.client.get('/user/export')).text);
    expect(file.questions).toEqual([{ room, text: 'Kept?', at: expect.any(String), status: 'open' }]);
    expect(file.questionVotes).toEqual([{ room, text: 'Gone?' }]);
    await kept.client.post('/user/delete', { currentPassword: kept.password, messages: 'keep' });
    await gone.client.post('/user/delete', { currentPassword: gone.password, messages: 'remove' });
    expect(await list()).toMatchObject([{ id: one.id, author: null, text: 'Kept?' }]);
    expect(await sql(app, `SELECT * FROM question_votes WHERE user_id = '${kept.user.id}'`)).toEqual([]);
  });

  it('is forgotten after 30 days', async () => {
    const { id } = await asked(ann);
    await vote(bob, id);
    clock.advance(31 * DAY);
    await app.get(QuestionsService).forget();
    await eventually('the question to be gone', async () => {
      const rows = await sql(app, `SELECT id FROM questions WHERE id = '${id}'`);
      return rows.length === 0;
    });
  });
});
