import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { GuestsService } from '../src/chat/guests/guests.service.js';
import type { TestApp } from './support/app.js';
import { MINUTE, TestClock } from './support/clock.js';
import type { ApiClient } from './support/api-client.js';
import { aRoomBy, aUser, type TestUser, uniqueAddress, uniqueName } from './support/factories.js';
import { startWithStaff } from './support/staffed.js';
import { SocketClient } from './support/socket-client.js';

const DAY = 24 * 60 * MINUTE;
const clock = new TestClock();
let app: TestApp;
let admin: TestUser;
let moderator: TestUser;
let ann: TestUser;
let room: string;
beforeAll(async () => {
  ({ app, admin, moderator } = await startWithStaff({ clock }));
  ann = await aUser(app);
});
afterAll(() => app.stop());
beforeEach(async () => {
  room = await aRoomBy(admin);
  await set({ guests: true });
});

const set = (settings: object) => moderator.client.patch(`/api/rooms/${room}`, { settings });
const enter = ({ cookie }: { cookie: string }) =>
  SocketClient.open(app.url, `/ws?room=${room}`, cookie === '' ? {} : { cookie });
const name = (client: ApiClient, nickname = uniqueName('g')) =>
  client.post('/user/guest', { nickname, room });
const say = (client: ApiClient, text: string, nonce: string = randomUUID()) =>
  client.post(`/api/rooms/${room}/messages`, { text, nonce });
const code = ({ status, body }: Awaited<ReturnType<ApiClient['post']>>) => [status, body?.error?.code];

async function aGuest(address = uniqueAddress()) {
  const client = app.client(address);
  const { status, body } = await name(client);
  expect(status).toBe(201);
  return { client, user: body.user, address };
}

describe('a guest', () => {
  it('reads, and writes once they have chosen a name, where the room lets guests write', async () => {
    const nobody = app.client(uniqueAddress());
    expect(code(await say(nobody, 'hello'))).toEqual([401, 'auth.required']);
    const nickname = uniqueName('g');
    const named = await name(nobody, nickname);
    expect([named.status, named.body]).toEqual([
      201,
      { user: { id: expect.any(String), nickname, role: 'user', color: expect.any(Number), guest: true } },
    ]);

    const [socket, watcher] = [await enter(nobody), await enter(ann)];
    expect((await socket.next('welcome')).viewer).toEqual(named.body.user);
    const { seq } = await socket.say('hello from outside');
    const { id, color } = named.body.user;
    expect(await watcher.next('message.posted')).toMatchObject({
      seq,
      author: { id, nickname, role: 'user', color, guest: true },
    });
    const nonce = randomUUID();
    const byHttp = await say(nobody, 'by http', nonce);
    expect(byHttp.status).toBe(201);
    expect((await say(nobody, 'by http', nonce)).body).toMatchObject({ seq: byHttp.body.seq, dup: true });
    const path = `/api/rooms/${room}/messages/${byHttp.body.seq}`;
    expect((await nobody.patch(path, { text: 'edited', nonce: randomUUID() })).status).toBe(200);
    expect((await nobody.delete(path)).status).toBe(200);
    expect((await nobody.get(`/chat/${room}`)).text).toContain('composer-input');
  });

  it('is nobody for everything else', async () => {
    const guest = await aGuest();
    for (const path of ['/user/me', '/user/sessions', '/api/conversations', `/api/rooms/${room}/people`]) {
      expect((await guest.client.get(path)).status, path).toBe(401);
    }
    const { body } = await admin.client.get('/api/users');
    expect(JSON.stringify(body)).not.toContain('"guest"');
    expect((await admin.client.patch(`/api/users/${guest.user.id}`, { role: 'admin' })).status).toBe(404);
    const appointed = await admin.client.request('PUT', `/api/rooms/${room}/moderators/${guest.user.id}`);
    expect(appointed.status).toBe(404);
  });

  it('has a name by the rules of names, that is nobody else’s', async () => {
    const client = app.client(uniqueAddress());
    expect(code(await name(client, 'x'))).toEqual([400, 'frame.invalid']);
    expect(code(await name(client, 'admin'))).toEqual([400, 'name.reserved']);
    expect(code(await name(client, ann.user.nickname.toUpperCase()))).toEqual([409, 'name.taken']);
    const { user } = await aGuest();
    expect(code(await name(client, user.nickname))).toEqual([409, 'name.taken']);
    expect(code(await name(ann.client))).toEqual([403, 'auth.forbidden']);
    const register = { username: uniqueName(), nickname: user.nickname, password: 'correct horse 1' };
    expect(code(await client.post('/user/register', register))).toEqual([409, 'name.taken']);
  });

  it('is kept from writing by members only, at once, also on an open socket', async () => {
    const { client } = await aGuest();
    const socket = await enter(client);
    await socket.say('while it lasts');
    await set({ guests: false });
    await expect(socket.say('no more')).rejects.toThrow('room.members-only');
    expect(code(await say(client, 'no more'))).toEqual([403, 'room.members-only']);
    expect(code(await name(app.client(uniqueAddress())))).toEqual([403, 'room.members-only']);
    await set({ guests: true });
    await set({ shield: true });
    expect(code(await say(client, 'shielded'))).toEqual([403, 'room.members-only']);
  });

  it('is timed out and banned, and gets no other name meanwhile', async () => {
    const { client, user, address } = await aGuest();
    const socket = await enter(client);
    const impose = (body: object) =>
      moderator.client.post(`/api/rooms/${room}/sanctions`, { user: user.id, ...body });
    expect((await impose({ action: 'timeout', seconds: 60 })).status).toBe(201);
    await expect(socket.say('too loud')).rejects.toThrow('user.timed-out');
    expect(code(await name(app.client(address)))).toEqual([403, 'user.timed-out']);
    expect((await name(app.client(uniqueAddress()))).status).toBe(201);
    expect((await impose({ action: 'ban', removeMessages: true })).status).toBe(201);
    expect(await socket.closed()).toBe(4003);
    expect(code(await say(client, 'again'))).toEqual([403, 'user.banned']);
    expect(code(await name(client))).toEqual([403, 'user.banned']);
    const refused = await SocketClient.attempt(app.url, `/ws?room=${room}`, { cookie: client.cookie });
    expect(refused).toMatchObject({ status: 403 });
    clock.advance(DAY);
    expect((await name(app.client(address))).status).toBe(201);
  });

  it('is hidden, held and slowed like anybody else', async () => {
    const { client, user } = await aGuest();
    const watcher = await enter(ann);
    await set({ hold: true });
    const held = await say(client, 'held words');
    expect(held.status).toBe(202);
    const approved = await moderator.client.post(`/api/rooms/${room}/held/${held.body.id}/approve`);
    expect(approved.status).toBe(200);
    expect(await watcher.next('message.posted')).toMatchObject({ author: { id: user.id, guest: true } });
    await set({ hold: false, slowMode: 30 });
    expect((await say(client, 'slow')).status).toBe(201);
    expect(code(await say(client, 'too soon'))).toEqual([429, 'room.slow-mode']);
    await set({ slowMode: 0 });
    await moderator.client.post(`/api/rooms/${room}/sanctions`, { user: user.id, action: 'hide' });
    const { body } = await say(client, 'unseen words');
    await watcher.next('message.withheld', ({ seq }) => seq === body.seq);
    expect((await client.get(`/api/rooms/${room}/messages`)).text).toContain('unseen words');
    expect((await ann.client.get(`/api/rooms/${room}/messages`)).text).not.toContain('unseen words');
  });

  it('is warned, reads it and writes on; another guest acknowledges nothing for them', async () => {
    const [{ client, user }, other] = [await aGuest(), await aGuest()];
    const [socket, staff] = [await enter(client), await enter(moderator)];
    const warned = await moderator.client.post(`/api/rooms/${room}/warnings`, {
      user: user.id,
      reason: 'no shouting, please',
    });
    const { id } = warned.body.warning;
    expect(await socket.next('warned')).toMatchObject({ id, reason: 'no shouting, please' });
    await expect(socket.say('louder')).rejects.toThrow('user.warned');
    const again = await enter(client);
    expect((await again.next('welcome')).warnings).toMatchObject([{ id }]);
    const warnings = `/api/rooms/${room}/warnings`;
    expect((await client.get(warnings)).body.warnings).toMatchObject([{ id }]);
    expect((await other.client.get(warnings)).body.warnings).toEqual([]);

    const acknowledge = (by: ApiClient) => by.post(`${warnings}/${id}/acknowledge`);
    expect(code(await acknowledge(app.client(uniqueAddress())))).toEqual([401, 'auth.required']);
    expect(code(await acknowledge(other.client))).toEqual([404, 'not-found']);
    expect(code(await say(client, 'still not'))).toEqual([403, 'user.warned']);
    expect((await acknowledge(client)).status).toBe(204);
    expect(await staff.next('warning.acknowledged')).toEqual({ id, user: user.id });
    expect((await say(client, 'more quietly')).status).toBe(201);
  });

  it('has a card: for members that they are a guest, for staff what they said and what was done', async () => {
    const { client, user } = await aGuest();
    const path = `/api/rooms/${room}/people/${user.id}`;
    const { seq } = (await say(client, 'words of a guest')).body;
    const { body } = await ann.client.get(path);
    const { id, nickname, color } = user;
    const joinedAt = expect.any(String);
    expect(body.person).toEqual({ id, nickname, role: 'user', color, joinedAt, guest: true });
    await moderator.client.post(`${path}/notes`, { text: 'came with the others' });
    await moderator.client.post(`/api/rooms/${room}/sanctions`, { user: id, action: 'timeout', seconds: 60 });
    expect((await moderator.client.get(`${path}/card`)).body.card).toMatchObject({
      person: body.person,
      messages: [{ seq, text: 'words of a guest' }],
      sanctions: [{ action: 'timeout', user: { id } }],
      notes: [{ text: 'came with the others' }],
    });
    expect(code(await client.get(`${path}/card`))).toEqual([401, 'auth.required']);
  });

  it('shares an allowance with the other guests of their address', async () => {
    const address = uniqueAddress();
    const guests = [await aGuest(address), await aGuest(address), await aGuest(address)];
    const answers = [];
    for (const { client } of guests) {
      for (let n = 0; n < 11; n++) {
        answers.push((await say(client, `words ${n}`)).status);
      }
    }
    expect(answers.filter((status) => status === 201)).toHaveLength(30);
    expect(answers.slice(30)).toEqual([429, 429, 429]);
  });

  it('is told to staff alone among the people, when they wrote, here or gone', async () => {
    const [writer, silent] = [await aGuest(), await aGuest()];
    await say(writer.client, 'one');
    await say(writer.client, 'two');
    const people = (by: TestUser, query = '') => by.client.get(`/api/rooms/${room}/people${query}`);
    const { id, nickname, color } = writer.user;
    for (const by of [moderator, admin]) {
      expect((await people(by)).body.wrote).toEqual([{ id, nickname, role: 'user', color, guest: true }]);
    }
    expect((await people(moderator, `?q=${nickname.slice(0, 6)}`)).body.wrote).toHaveLength(1);
    expect((await people(moderator, '?q=nobody-is-called-so')).body.wrote).toEqual([]);
    expect((await people(ann)).body).not.toHaveProperty('wrote');
    await admin.client.request('PUT', `/api/rooms/${room}/moderators/${ann.user.id}`);
    expect(JSON.stringify((await people(ann)).body.wrote)).not.toContain(silent.user.id);
    expect((await people(ann)).body.wrote).toHaveLength(1);
    await admin.client.delete(`/api/rooms/${room}/moderators/${ann.user.id}`);
  });

  it('gives the name back a day after the session has ended', async () => {
    const gone = await aGuest();
    const here = await aGuest();
    await gone.client.post('/user/logout');
    clock.advance(DAY + MINUTE);
    await app.get(GuestsService).sweep();
    expect((await name(app.client(uniqueAddress()), gone.user.nickname)).status).toBe(201);
    expect(code(await name(app.client(uniqueAddress()), here.user.nickname))).toEqual([409, 'name.taken']);
  });

  it('chooses a name by a form without script', async () => {
    const client = app.client(uniqueAddress());
    const page = await client.get(`/chat/${room}`);
    expect(page.text).toContain('action="/user/guest"');
    const form = { nickname: uniqueName('g'), room, next: `/chat/${room}` };
    const answer = await client.post('/user/guest', form, { form: true });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/chat/${room}`]);
    expect((await client.get(`/chat/${room}`)).text).toContain(form.nickname);
  });
});
