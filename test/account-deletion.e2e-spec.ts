import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { AccountDeletion } from '../src/account/account-deletion.service.js';
import { UsersService } from '../src/users/users.service.js';
import type { TestApp } from './support/app.js';
import { MINUTE, TestClock } from './support/clock.js';
import { anAdmin, aRoomBy, aUser, type TestUser } from './support/factories.js';
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
});

const enter = (person: TestUser, query = '') =>
  SocketClient.open(app.url, `/ws?room=${room}${query}`, { cookie: person.cookie });
const say = async (person: TestUser, text: string, more = {}) =>
  (await person.client.post(`/api/rooms/${room}/messages`, { text, nonce: randomUUID(), ...more })).body;
const leave = (person: TestUser, messages: 'keep' | 'remove', currentPassword = person.password) =>
  person.client.post('/user/delete', { currentPassword, messages });

/** All that somebody can get to read of the room. */
async function readable(person: TestUser): Promise<string> {
  const late = await enter(person);
  const { epoch } = await late.find('welcome');
  const { seq } = await late.find('live');
  late.send('history', { before: seq + 1, limit: 100 });
  await late.find('history');
  const resumed = await enter(person, `&after=0&epoch=${epoch}`);
  await resumed.find('live');
  [late, resumed].forEach((socket) => socket.close());
  const answers = await Promise.all(
    [
      `/api/rooms/${room}/messages?limit=200`,
      `/api/rooms/${room}/search?q=words`,
      `/api/rooms/${room}/pin`,
      `/chat/${room}`,
    ].map((path) => person.client.get(path)),
  );
  return [...answers.map(({ text }) => text), JSON.stringify([late.frames, resumed.frames])].join('\n');
}

describe('deleting one’s account', () => {
  it('leaves what was said without a name, on open sockets and everywhere else', async () => {
    const { seq } = await say(bob, 'lasting words');
    await say(ann, 'answering words', { replyTo: seq });
    await moderator.client.request('PUT', `/api/rooms/${room}/pin`, { target: seq });
    const removed = await say(bob, 'removed words');
    const path = `/api/rooms/${room}/messages/${removed.seq}`;
    await moderator.client.delete(path);
    await moderator.client.post(`${path}/restore`);
    const sanction = { user: bob.user.id, action: 'timeout', seconds: 10 };
    const { body } = await moderator.client.post(`/api/rooms/${room}/sanctions`, sanction);
    await moderator.client.delete(`/api/rooms/${room}/sanctions/${body.sanction.id}`);

    const [own, watcher] = [await enter(bob), await enter(ann)];
    await watcher.find('live');
    expect((await leave(bob, 'keep')).status).toBe(204);
    expect(await own.closed()).toBe(4001);
    const told = await watcher.next('user.deleted');
    expect(told).toEqual({ seq: expect.any(Number), user: { id: bob.user.id }, at: expect.any(String) });

    for (const somebody of [ann, moderator]) {
      const text = await readable(somebody);
      expect(text).toContain('lasting words');
      expect(text).toContain('"author":null');
      expect(text).not.toContain(bob.user.nickname);
    }
    const { pinned } = await (await enter(ann)).find('welcome');
    expect(pinned?.message).toMatchObject({ author: null, text: 'lasting words' });
    const file = await moderator.client.get(`/api/rooms/${room}/export?format=json`);
    expect(file.text).toContain('lasting words');
    expect(file.text).not.toContain(bob.user.nickname);
    const list = await moderator.client.get(`/api/rooms/${room}/sanctions?past=1`);
    expect(list.text).not.toContain(bob.user.nickname);
    // Who acts upon others answers for it, and so whom it concerned is not taken out of the action log.
    const actions = await moderator.client.get(`/api/rooms/${room}/actions`);
    expect(actions.text).toContain(bob.user.nickname);
  });

  it('takes what was said along, and nobody brings it back', async () => {
    const { seq } = await say(bob, 'passing words');
    const path = `/api/rooms/${room}/messages/${seq}`;
    await bob.client.patch(path, { text: 'passing words, edited', nonce: randomUUID() });
    await moderator.client.request('PUT', `/api/rooms/${room}/pin`, { target: seq });
    const watcher = await enter(ann);
    await watcher.find('live');
    expect((await leave(bob, 'remove')).status).toBe(204);
    expect(await watcher.next('user.deleted')).toMatchObject({ user: { id: bob.user.id }, removed: true });
    for (const somebody of [ann, moderator]) {
      const text = await readable(somebody);
      expect(text).not.toContain('passing words');
      expect(text).not.toContain(bob.user.nickname);
    }
    expect((await moderator.client.post(`${path}/restore`)).status).toBe(403);
    expect((await moderator.client.get(`${path}/removed`)).text).not.toContain('passing words');
    expect((await enter(ann).then((socket) => socket.find('welcome'))).pinned).toBeUndefined();
  });

  it('ends every session, frees the name and forgets the conversations', async () => {
    const conversation = randomUUID();
    const chat = await SocketClient.open(app.url, `/ws/${conversation}`, { cookie: bob.cookie });
    await chat.find('live');
    const second = app.client('10.9.8.7');
    const credentials = { username: bob.username, password: bob.password };
    expect((await second.post('/user/login', credentials)).status).toBe(200);
    expect((await leave(bob, 'keep')).status).toBe(204);
    expect((await second.get('/user/me')).status).toBe(401);
    expect((await second.post('/user/login', credentials)).body.error.code).toBe('auth.invalid');
    expect(JSON.stringify((await admin.client.get('/api/users')).body)).not.toContain(bob.user.id);
    expect((await admin.client.get(`/api/users?q=${bob.username}`)).body.users).toEqual([]);
    const heir = await aUser(app, { nickname: bob.user.nickname, username: bob.username });
    expect(heir.user.id).not.toBe(bob.user.id);
    expect((await heir.client.get('/api/conversations')).body.conversations).toEqual([]);
  });

  it('is asked for the password, and is not for the last administrator', async () => {
    const wrong = await leave(bob, 'keep', 'wrong horse 1');
    expect([wrong.status, Object.keys(wrong.body.error.fields)]).toEqual([400, ['currentPassword']]);
    expect((await bob.client.get('/user/me')).status).toBe(200);
    expect((await bob.client.post('/user/delete', { currentPassword: bob.password })).status).toBe(400);
    expect((await leave(admin, 'keep')).status).toBe(403);
    const second = await anAdmin(app);
    expect((await leave(second, 'remove')).status).toBe(204);
  });

  it('goes on after it was cut short, and ends', async () => {
    await say(bob, 'lasting words');
    await app.get(UsersService).leave(bob.user.id, 'keep');
    expect((await bob.client.get('/user/me')).status).toBe(401);
    await app.get(AccountDeletion).sweep();
    expect(await readable(ann)).not.toContain(bob.user.nickname);
    clock.advance(2 * MINUTE);
    await app.get(AccountDeletion).sweep();
    expect(await app.get(UsersService).leaving()).toEqual([]);
  });

  it('takes a form without script, which is shown again when it is refused', async () => {
    const page = await bob.client.get('/user/settings');
    expect(page.text).toContain('action="/user/delete"');
    const form = { messages: 'keep', currentPassword: 'wrong horse 1' };
    const refused = await bob.client.post('/user/delete', form, { form: true });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('This is not your current password.');
    expect(refused.text).not.toContain('wrong horse 1');
    const done = await bob.client.post(
      '/user/delete',
      { ...form, currentPassword: bob.password },
      { form: true },
    );
    expect([done.status, done.headers.get('location')]).toEqual([303, '/']);
    expect(bob.client.cookie).toBe('');
  });
});
