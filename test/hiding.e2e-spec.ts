import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { TestApp } from './support/app.js';
import { anAdmin, aRoomBy, aUser, type TestUser } from './support/factories.js';
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

const enter = (person?: TestUser, query = '') =>
  SocketClient.open(app.url, `/ws?room=${room}${query}`, person ? { cookie: person.cookie } : {});
const say = async (person: TestUser, text: string) =>
  (await person.client.post(`/api/rooms/${room}/messages`, { text, nonce: randomUUID() })).body;
const hide = (whom: TestUser, more = {}, by = moderator) =>
  by.client.post(`/api/rooms/${room}/sanctions`, { user: whom.user.id, action: 'hide', ...more });
const unhide = (whom: TestUser) =>
  moderator.client.delete(`/api/rooms/${room}/sanctions?user=${whom.user.id}&action=hide`);

/** All that somebody can get to read of the room, by every way there is. */
async function readable(person: TestUser | null): Promise<string> {
  const client = person?.client ?? app.client();
  const late = await enter(person ?? undefined);
  const { epoch } = await late.find('welcome');
  const { seq } = await late.find('live');
  late.send('history', { before: seq + 1, limit: 100 });
  await late.find('history');
  const resumed = await enter(person ?? undefined, `&after=0&epoch=${epoch}`);
  await resumed.find('live');
  const answers = await Promise.all(
    [
      `/api/rooms/${room}/messages?limit=200`,
      `/api/rooms/${room}/search?q=words`,
      `/chat/${room}`,
      `/api/rooms/${room}/pin`,
      `/api/rooms/${room}`,
    ].map((path) => client.get(path)),
  );
  [late, resumed].forEach((socket) => socket.close());
  return [...answers.map(({ text }) => text), JSON.stringify([late.frames, resumed.frames])].join('\n');
}

describe('somebody who is hidden silently', () => {
  it('says what they and staff alone see, live and afterwards, until they are seen again', async () => {
    const [author, watcher, staff] = [await enter(bob), await enter(ann), await enter(moderator)];
    const before = await author.say('plain words');
    expect((await hide(bob, { reason: 'trolling' })).status).toBe(201);
    const { seq: place } = await staff.next('user.sanctioned', ({ action }) => action === 'hide');
    await watcher.next('message.withheld', ({ seq }) => seq === place);

    const ack = await author.say('secret words');
    expect(ack).toEqual({
      nonce: expect.any(String),
      seq: place + 1,
      id: expect.any(String),
      at: expect.any(String),
    });
    const own = await author.find('message.posted', ({ seq }) => seq === ack.seq);
    const marked = await staff.find('message.posted', ({ seq }) => seq === ack.seq);
    expect(own).not.toHaveProperty('hidden');
    expect(marked).toEqual({ ...own, hidden: true });
    await watcher.next('message.withheld', ({ seq }) => seq === ack.seq);

    // What is done to it is as hidden as it is, and what they had said before is not.
    author.send('edit', { target: ack.seq, text: 'secret words, edited', nonce: randomUUID() });
    await staff.next('message.changed', ({ target }) => target === ack.seq);
    author.send('edit', { target: before.seq, text: 'plain words, secret edit', nonce: randomUUID() });
    await staff.next('message.changed', ({ target }) => target === before.seq);
    const after = await say(ann, 'other words');
    await watcher.next('message.posted', ({ seq }) => seq === after.seq);
    expect(watcher.entries.map(({ data }) => data.seq)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const somebody of [ann, null]) {
      const text = await readable(somebody);
      expect(text).toContain('plain words');
      expect(text).not.toMatch(/secret|"hide"|hidden":/);
    }
    const theirs = await readable(bob);
    expect(theirs).toContain('secret words, edited');
    expect(theirs).not.toMatch(/"hide"|"hidden":|trolling|timedOutUntil/);
    const page = await moderator.client.get(`/chat/${room}`);
    expect(page.text).toMatch(/data-hidden/);
    expect((await bob.client.get(`/chat/${room}`)).text).not.toContain('data-hidden');
    expect(JSON.stringify(author.frames)).not.toMatch(/"hide"|"hidden":|trolling/);

    expect((await unhide(bob)).status).toBe(204);
    const again = await author.say('open words');
    expect(await watcher.next('message.posted', ({ seq }) => seq === again.seq)).toMatchObject({
      text: 'open words',
    });
    expect(await readable(ann)).not.toContain('secret');
    expect((await unhide(bob)).status).toBe(404);
  });

  it('is kept in the staff’s list, files and action log, and in nothing of their own', async () => {
    await hide(bob, { reason: 'trolling' });
    await say(bob, 'void words');
    const { body } = await moderator.client.get(`/api/rooms/${room}/sanctions`);
    expect(body.sanctions).toMatchObject([{ action: 'hide', reason: 'trolling', until: null }]);
    await unhide(bob);
    const { actions } = (await moderator.client.get(`/api/rooms/${room}/actions`)).body;
    expect(actions.map(({ action }: { action: string }) => action)).toEqual(['user.unhide', 'user.hide']);
    const file = await moderator.client.get(`/api/rooms/${room}/export?format=json`);
    expect(file.body).toMatchObject([{ text: 'void words', hidden: true }]);
    const own = await bob.client.get('/user/export');
    expect(own.text).toContain('void words');
    expect(own.text).not.toMatch(/hidden|hide|trolling/);
  });

  it('is timed out and banned like anybody else, and hidden all the same', async () => {
    await hide(bob);
    const impose = (action: string) =>
      moderator.client.post(`/api/rooms/${room}/sanctions`, { user: bob.user.id, action });
    const lift = () => moderator.client.delete(`/api/rooms/${room}/sanctions?user=${bob.user.id}`);
    expect((await impose('timeout')).status).toBe(201);
    expect((await say(bob, 'x words')).error.code).toBe('user.timed-out');
    expect((await lift()).status).toBe(204);
    await say(bob, 'still unseen words');
    expect(await readable(ann)).not.toContain('unseen');
    // Without saying so, hiding is not lifted.
    expect((await lift()).status).toBe(404);
    const twice = await hide(bob, { reason: 'again' });
    expect(twice.status).toBe(201);
    const { sanctions } = (await moderator.client.get(`/api/rooms/${room}/sanctions`)).body;
    expect(sanctions).toHaveLength(1);
  });

  it('stays hidden when a held message of theirs is approved, and when staff remove and restore it', async () => {
    await hide(bob);
    await moderator.client.patch(`/api/rooms/${room}`, { settings: { hold: true } });
    const { id } = await say(bob, 'held words');
    const approved = await moderator.client.post(`/api/rooms/${room}/held/${id}/approve`);
    expect(approved.status).toBe(200);
    const path = `/api/rooms/${room}/messages/${approved.body.seq}`;
    expect(
      (await moderator.client.request('PUT', `/api/rooms/${room}/pin`, { target: approved.body.seq })).status,
    ).toBe(404);
    expect(await readable(ann)).not.toContain('held words');
    expect((await moderator.client.delete(path)).status).toBe(200);
    expect(await readable(bob)).not.toContain('held words');
    expect((await moderator.client.post(`${path}/restore`)).status).toBe(200);
    expect(await readable(bob)).toContain('held words');
    const others = await readable(ann);
    expect(others).not.toContain('held words');
    expect(others).not.toMatch(/"event":"message\.(removed|restored)"/);
  });

  it('may be hidden on the whole server, in every room', async () => {
    const whole = { user: bob.user.id, action: 'hide' };
    const hidden = await admin.client.post('/api/sanctions', whole);
    expect(hidden.status).toBe(201);
    await say(bob, 'unseen words');
    expect(await readable(ann)).not.toContain('unseen');
    const lifted = await admin.client.delete(`/api/sanctions?user=${bob.user.id}&action=hide`);
    expect(lifted.status).toBe(204);
    await say(bob, 'open words');
    expect(await readable(ann)).toContain('open words');
  });

  it.each([
    ['a moderator', () => moderator, 403],
    ['an administrator', () => admin, 403],
  ])('is never %s', async (_who, whom, status) => {
    expect((await hide(whom(), {}, await anAdmin(app))).status).toBe(status);
  });

  it.each([{ seconds: 60 }, { removeMessages: true }])('is hidden without %j', async (more) => {
    expect((await hide(bob, more)).status).toBe(400);
  });
});
