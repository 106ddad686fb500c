import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import type { TestApp } from './support/app.js';
import { aUser, type TestUser, uniqueName } from './support/factories.js';
import { startWithStaff } from './support/staffed.js';
import { SocketClient } from './support/socket-client.js';

let app: TestApp;
let admin: TestUser;
let moderator: TestUser;
let ann: TestUser;
let room: string;
beforeAll(async () => {
  ({ app, admin, moderator } = await startWithStaff());
  ann = await aUser(app);
});
afterAll(() => app.stop());
beforeEach(async () => {
  room = await aRoom();
});

async function aRoom(): Promise<string> {
  const slug = uniqueName('r').replace('_', '-');
  await admin.client.post('/api/rooms', { slug, title: 'An evening', kind: 'stream' });
  return slug;
}
const path = (below = '', where = room) => `/api/rooms/${where}/sessions${below}`;
const start = (body: object = {}, by = moderator) => by.client.post(path(), body);
const end = (by = moderator) => by.client.post(path('/end'));
const list = async () => (await app.client().get(path())).body.sessions;
const enter = (query = '') =>
  SocketClient.open(app.url, `/ws/streaming?room=${room}${query}`, { cookie: ann.cookie });
const say = async (text: string) => {
  const sent = { text, nonce: randomUUID() };
  expect((await admin.client.post(`/api/rooms/${room}/messages`, sent)).status).toBe(201);
};
const newest = async () => {
  const { entries, more } = (await app.client().get(`/api/rooms/${room}/messages`)).body;
  return {
    texts: entries.flatMap(({ data }: { data: { text?: string } }) => data.text ?? []),
    more,
  };
};
const codeOf = async (answer: ReturnType<typeof start>) => (await answer).body?.error?.code ?? null;

it('begins an empty chat for everybody, and keeps what was said before', async () => {
  await say('before');
  const watcher = await enter();
  const { session } = (await start({ title: 'The first' })).body;
  expect(session).toEqual({
    id: expect.any(String),
    title: 'The first',
    startedAt: expect.any(String),
    firstSeq: 2,
    lastSeq: null,
  });
  const { id, startedAt } = session;
  expect(await watcher.next('room.changed')).toEqual({
    seq: 2,
    session: { id, title: 'The first', startedAt },
    at: expect.any(String),
  });
  await say('during');
  const late = await enter();
  expect(await late.find('welcome')).toMatchObject({
    first: 1,
    session: { id, title: 'The first', firstSeq: 2 },
  });
  await late.find('live');
  expect(late.texts).toEqual(['during']);
  expect(await newest()).toEqual({ texts: ['during'], more: false });
  // What was before is there for who asks for it, and for who comes back from before.
  const older = (await ann.client.get(`/api/rooms/${room}/messages?before=2`)).body;
  expect(older).toMatchObject({ entries: [{ data: { text: 'before' } }], more: false });
  const { epoch } = await late.find('welcome');
  const back = await enter(`&after=1&epoch=${epoch}`);
  await back.find('live');
  expect(back.entries.map(({ data }) => data.seq)).toEqual([2, 3]);

  expect((await end()).body.session).toMatchObject({ id, endedAt: expect.any(String), lastSeq: 4 });
  expect(await watcher.next('room.changed', (data) => data.session?.endedAt !== undefined)).toMatchObject({
    seq: 4,
    session: { id },
  });
  await say('after');
  expect((await newest()).texts).toEqual(['during', 'after']);
  expect((await (await enter()).find('welcome')).session).toMatchObject({
    id,
    endedAt: expect.any(String),
  });

  await start();
  expect(await newest()).toEqual({ texts: [], more: false });
  expect(await list()).toMatchObject([
    { title: 'An evening', firstSeq: 6, lastSeq: null },
    { title: 'The first', firstSeq: 2, lastSeq: 4 },
  ]);
  const acts = (await moderator.client.get(`/api/rooms/${room}/actions`)).body.actions;
  expect(acts.map(({ action }: { action: string }) => action)).toEqual([
    'session.start',
    'session.end',
    'session.start',
  ]);
});

it('is read back on a page of its own, and taken along by staff', async () => {
  await say('before');
  const { id } = (await start({ title: 'The <b>first</b>' })).body.session;
  await say('during');
  await end();
  await say('after');
  const page = await app.client().get(`/rooms/${room}/sessions/${id}`);
  expect(page.status).toBe(200);
  expect(page.text).toContain('during');
  expect(page.text).toContain('The &lt;b&gt;first&lt;/b&gt;');
  expect(page.text).not.toMatch(/>\s*(before|after)\s*</);
  expect(page.text).not.toContain('/export');
  expect((await moderator.client.get(`/rooms/${room}/sessions/${id}`)).text).toContain(`/export?session`);
  expect((await app.client().get(`/rooms/${room}/sessions`)).text).toContain(`/sessions/${id}`);
  const file = await moderator.client.get(`/api/rooms/${room}/export?session=${id}&format=txt`);
  expect(file.text).toContain('during');
  expect(file.text).not.toMatch(/before|after/);
});

it('is one at a time, however many start it at once, and each nonce starts one', async () => {
  const answers = await Promise.all([start(), start(), start({}, admin), start({}, admin)]);
  const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
  expect(statuses).toEqual([201, 409, 409, 409]);
  expect(await codeOf(start())).toBe('session.live');
  const ends = await Promise.all([end(), end(admin), end()]);
  expect(ends.every(({ status }) => status === 201 || status === 404)).toBe(true);
  expect(await codeOf(end())).toBe('not-found');
  const { entries } = (await ann.client.get(`/api/rooms/${room}/messages?after=0`)).body;
  expect(entries).toHaveLength(2);
  const nonce = 'nonce-of-session';
  const once = (await start({ nonce })).body.session;
  expect((await start({ nonce })).body.session).toEqual(once);
  expect(await list()).toHaveLength(2);
});

it('belongs to the staff of its room, and is not found from another', async () => {
  const elsewhere = await aRoom();
  await admin.client.request('PUT', `/api/rooms/${elsewhere}/moderators/${ann.user.id}`);
  expect(await codeOf(start({}, ann))).toBe('auth.forbidden');
  const { id } = (await start()).body.session;
  expect(await codeOf(end(ann))).toBe('auth.forbidden');
  expect((await app.client().post(path())).status).toBe(401);
  expect((await app.client().post(path('/end'))).status).toBe(401);
  expect((await app.client().get(`/rooms/${elsewhere}/sessions/${id}`)).status).toBe(404);
  expect((await app.client().get(`/rooms/${room}/sessions/${randomUUID()}`)).status).toBe(404);
  const taken = await admin.client.get(`/api/rooms/${elsewhere}/export?session=${id}`);
  expect(taken.status).toBe(404);
  for (const wrong of [{ title: '' }, { title: 'x'.repeat(101) }, { title: 5 }, { id }, { nonce: 'short' }]) {
    expect(await codeOf(start(wrong)), JSON.stringify(wrong)).toBe('frame.invalid');
  }
});

it('is shown late to whoever is shown everything late', async () => {
  await say('before');
  await moderator.client.patch(`/api/rooms/${room}`, { settings: { delay: 60 } });
  await start();
  expect((await (await enter()).find('welcome')).session).toBeUndefined();
  expect(await list()).toEqual([]);
  expect((await moderator.client.get(path())).body.sessions).toHaveLength(1);
});

it('begins without what stood over the last one: its poll has ended where it was asked, its pin is off', async () => {
  const asRoom = `/api/rooms/${room}`;
  await start({ title: 'The first' });
  await say('pin me');
  const watcher = await enter();
  await admin.client.request('PUT', `${asRoom}/pin`, { target: 2 });
  const poll = { question: 'Shall we go on?', choices: ['Aye', 'Nay'], seconds: 600 };
  const { id } = (await moderator.client.post(`${asRoom}/polls`, poll)).body.poll;
  await ann.client.request('PUT', `${asRoom}/polls/${id}/vote`, { choice: 1 });
  await end();
  // Until the next one begins, all stays.
  expect(await (await enter()).find('welcome')).toMatchObject({ pinned: { target: 2 }, poll: { id } });

  const { session } = (await start({ title: 'The second' })).body;
  const closed = await watcher.next('room.poll-closed');
  expect(closed).toMatchObject({ id, counts: [0, 1], early: true });
  const unpinned = await watcher.next('room.unpinned');
  expect([closed.seq, unpinned.seq]).toEqual([session.firstSeq - 2, session.firstSeq - 1]);
  const late = await (await enter()).find('welcome');
  expect([late.pinned, late.poll]).toEqual([undefined, undefined]);
  expect((await app.client().get(`${asRoom}/pin`)).status).toBe(404);
  const vote = await ann.client.request('PUT', `${asRoom}/polls/${id}/vote`, { choice: 0 });
  expect(await codeOf(Promise.resolve(vote))).toBe('poll.closed');
  const acts = (await moderator.client.get(`${asRoom}/actions`)).body.actions;
  // Both may be of one millisecond: then either may be the first.
  const [ended, started] = acts
    .slice(0, 2)
    .toSorted((a: { action: string }, b: { action: string }) => a.action.localeCompare(b.action));
  expect([ended, started]).toMatchObject([
    { action: 'poll.end', by: { id: moderator.user.id }, details: { question: poll.question } },
    { action: 'session.start', by: { id: moderator.user.id } },
  ]);

  // What is put up in the event is not taken down by who starts it again.
  await say('pin me, too');
  await admin.client.request('PUT', `${asRoom}/pin`, { target: session.firstSeq + 1 });
  expect(await codeOf(start())).toBe('session.live');
  expect((await app.client().get(`${asRoom}/pin`)).body.pin).toMatchObject({ target: session.firstSeq + 1 });
});
