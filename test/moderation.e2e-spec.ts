import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startApp, type TestApp } from './support/app.js';
import { aModerator, anAdmin, aRoomBy, aUser, type TestUser, uniqueName } from './support/factories.js';
import { SocketClient } from './support/socket-client.js';

let app: TestApp;
let founder: TestUser;
let admin: TestUser;
let moderator: TestUser;
let ann: TestUser;
let slug: string;
beforeAll(async () => {
  app = await startApp();
  founder = await anAdmin(app);
  admin = await anAdmin(app);
  moderator = await aModerator(app);
  ann = await aUser(app);
  slug = await aRoom();
});
afterAll(() => app.stop());

async function aRoom(): Promise<string> {
  const name = await aRoomBy(admin);
  return name;
}

const enter = (person: TestUser, room = slug) =>
  SocketClient.open(app.url, `/ws?room=${room}`, { cookie: person.cookie });
const knock = async (person: TestUser, room = slug) => {
  const answer = await SocketClient.attempt(app.url, `/ws?room=${room}`, { cookie: person.cookie });
  if (answer instanceof SocketClient) {
    answer.close();
    return 101;
  }
  return `${answer.status} ${answer.body.error.code}`;
};
const impose = (by: TestUser, whom: TestUser, body: object = {}, room: string | null = slug) =>
  by.client.post(room === null ? '/api/sanctions' : `/api/rooms/${room}/sanctions`, {
    user: whom.user.id,
    action: 'timeout',
    ...body,
  });
const lift = (by: TestUser, id: string, room: string | null = slug) =>
  by.client.delete(room === null ? `/api/sanctions/${id}` : `/api/rooms/${room}/sanctions/${id}`);
const say = (person: TestUser, text = 'hello', room = slug) =>
  person.client.post(`/api/rooms/${room}/messages`, { text, nonce: randomUUID() });
const appoint = (whom: TestUser, room = slug) =>
  admin.client.request('PUT', `/api/rooms/${room}/moderators/${whom.user.id}`);

describe('a time-out', () => {
  it('keeps somebody from writing in the room, says how long, and ends when it is lifted', async () => {
    const bob = await aUser(app);
    const [socket, watcher] = [await enter(bob), await enter(ann)];
    await socket.say('before');

    const before = Date.now();
    const answer = await impose(moderator, bob, { seconds: 600, reason: 'too loud' });
    expect(answer.status).toBe(201);
    const { sanction } = answer.body;
    expect(sanction).toMatchObject({
      room: slug,
      user: { id: bob.user.id, nickname: bob.user.nickname },
      by: { id: moderator.user.id },
      action: 'timeout',
      reason: 'too loud',
      liftedAt: null,
    });
    expect(Date.parse(sanction.until) - before).toBeGreaterThan(590_000);

    const told = await watcher.next('user.sanctioned');
    expect(told).toEqual({
      seq: expect.any(Number),
      user: sanction.user,
      action: 'timeout',
      until: sanction.until,
      at: expect.any(String),
    });

    socket.send('say', { text: 'now', nonce: 'now-12345' });
    const refusal = await socket.next('error');
    expect(refusal).toMatchObject({ code: 'user.timed-out', nonce: 'now-12345' });
    expect(refusal.retryAfterMs).toBeGreaterThan(540_000);
    expect(refusal.message).toContain('in 10 minutes');
    const wait = Number((await say(bob)).headers.get('retry-after'));
    expect(wait).toBeGreaterThan(540);
    expect(wait).toBeLessThanOrEqual(600);
    expect((await say(bob, 'elsewhere', 'lobby')).status).toBe(201);

    expect((await lift(moderator, sanction.id)).status).toBe(204);
    await watcher.next('user.sanctioned', ({ action }) => action === 'lift');
    await socket.say('after');
    expect((await lift(moderator, sanction.id)).status).toBe(404);
  });

  it('leaves people their own words to take back', async () => {
    const bob = await aUser(app);
    const { seq } = (await say(bob)).body;
    await impose(moderator, bob);
    expect(
      (await bob.client.patch(`/api/rooms/${slug}/messages/${seq}`, { text: 'x', nonce: randomUUID() })).body
        .error.code,
    ).toBe('user.timed-out');
    expect((await bob.client.delete(`/api/rooms/${slug}/messages/${seq}`)).status).toBe(200);
  });

  it('is five minutes unless told, and takes the place of the one before', async () => {
    const bob = await aUser(app);
    const now = Date.now();
    const first = (await impose(moderator, bob)).body.sanction;
    expect(Math.round((Date.parse(first.until) - now) / 60_000)).toBe(5);
    const second = (await impose(moderator, bob, { seconds: 60 })).body.sanction;

    const list = async (query = '') =>
      (await moderator.client.get(`/api/rooms/${slug}/sanctions?q=${bob.user.nickname}${query}`)).body
        .sanctions;
    expect((await list()).map(({ id }: { id: string }) => id)).toEqual([second.id]);
    expect((await list('&past=1')).map(({ id }: { id: string }) => id)).toEqual([second.id, first.id]);
  });

  it('is imposed on somebody by their nickname too, however it is written, and lifted so', async () => {
    const bob = await aUser(app, { nickname: `${uniqueName('Ng')} x` });
    const by = (nickname: string) => ({ ...bob, user: { ...bob.user, id: nickname } });
    const answer = await impose(moderator, by(`@${bob.user.nickname.toUpperCase()}`));
    expect(answer.body.sanction.user).toEqual({ id: bob.user.id, nickname: bob.user.nickname });
    const liftFrom = async (user: string, more = '', room: string | null = slug) => {
      const path = room === null ? '/api/sanctions' : `/api/rooms/${room}/sanctions`;
      return (await moderator.client.delete(`${path}?user=${encodeURIComponent(user)}${more}`)).status;
    };
    expect((await impose(moderator, by('nobody-of-this-name'))).status).toBe(404);
    expect(await liftFrom(bob.user.nickname, '&action=ban')).toBe(404);
    expect(await liftFrom(bob.user.nickname, '', null)).toBe(404);
    expect(await liftFrom(bob.user.nickname, '&action=timeout')).toBe(204);
    expect(await liftFrom(bob.user.id)).toBe(404);
    expect((await say(bob)).status).toBe(201);
    await impose(moderator, bob, { action: 'ban' }, null);
    expect(await liftFrom(bob.user.id, '', null)).toBe(204);
    expect((await bob.client.delete(`/api/rooms/${slug}/sanctions?user=${ann.user.id}`)).status).toBe(403);
  });

  it('is imposed once for a nonce', async () => {
    const bob = await aUser(app);
    const nonce = randomUUID();
    const [first, second] = [
      await impose(moderator, bob, { nonce }),
      await impose(moderator, bob, { nonce }),
    ];
    expect(second.body).toEqual(first.body);
  });

  it.each([
    { action: 'mute' },
    { seconds: 9 },
    { seconds: 14 * 86_400 + 1 },
    { seconds: '60' },
    { action: 'ban', seconds: 60 },
    { reason: 'x'.repeat(501) },
    { removeMessages: 'yes' },
    { user: '' },
    { user: 7 },
    { user: 'x'.repeat(201) },
    { until: '2030-01-01' },
  ])('cannot be %j', async (body) => {
    expect((await impose(moderator, ann, body)).status).toBe(400);
  });
});

describe('a ban', () => {
  it('closes the sockets there, refuses the next one and everything else, until it is lifted', async () => {
    const bob = await aUser(app);
    const [here, elsewhere] = [await enter(bob), await enter(bob, 'lobby')];
    const { seq } = await here.say('mine');
    const { sanction } = (await impose(moderator, bob, { action: 'ban' })).body;
    expect(sanction.until).toBeNull();

    expect(await here.closed()).toBe(4003);
    expect(await knock(bob)).toBe('403 user.banned');
    const access = await bob.client.get(`/api/rooms/${slug}/access`);
    expect([access.status, access.body.error.code]).toEqual([403, 'user.banned']);
    expect((await say(bob)).body.error.code).toBe('user.banned');
    expect((await bob.client.delete(`/api/rooms/${slug}/messages/${seq}`)).status).toBe(403);
    await elsewhere.say('still here');

    await lift(moderator, sanction.id);
    expect(await knock(bob)).toBe(101);
    expect((await say(bob)).status).toBe(201);
  });

  it('may take the person’s messages with it, live, in replay, in history and on the page', async () => {
    const [bob, room] = [await aUser(app), await aRoom()];
    const watcher = await enter(ann, room);
    const { seq } = (await say(bob, 'the bad words', room)).body;
    await bob.client.patch(`/api/rooms/${room}/messages/${seq}`, {
      text: 'worse words',
      nonce: randomUUID(),
    });
    await say(ann, 'good words', room);
    await impose(moderator, bob, { action: 'ban', removeMessages: true, reason: 'secret' }, room);

    expect(await watcher.next('user.sanctioned')).toMatchObject({ action: 'ban', removed: true });
    const late = await enter(ann, room);
    await late.find('live');
    expect(late.texts).toEqual([null, 'good words']);
    const all = [
      JSON.stringify(late.frames),
      (await ann.client.get(`/api/rooms/${room}/messages`)).text,
      (await ann.client.get(`/chat/${room}`)).text,
    ].join('\n');
    expect(all).toContain('good words');
    expect(all).not.toMatch(/bad words|worse words|secret/);
  });

  it('on the server holds in every room, and in those that open later', async () => {
    const bob = await aUser(app);
    const sockets = await Promise.all([
      enter(bob),
      enter(bob, 'lobby'),
      SocketClient.open(app.url, `/ws/${randomUUID()}`, { cookie: bob.cookie }),
    ]);
    const watcher = await enter(ann, 'lobby');
    const { sanction } = (await impose(moderator, bob, { action: 'ban' }, null)).body;
    expect(sanction.room).toBeNull();
    expect(await Promise.all(sockets.map((socket) => socket.closed()))).toEqual([4003, 4003, 4003]);
    expect(await watcher.next('user.sanctioned')).toMatchObject({ scope: 'server', action: 'ban' });
    const later = await aRoom();
    expect(await knock(bob, later)).toBe('403 user.banned');
    expect((await say(bob, 'hello', later)).body.error.code).toBe('user.banned');

    expect((await lift(moderator, sanction.id, slug)).status).toBe(404);
    expect((await lift(moderator, sanction.id, null)).status).toBe(204);
    expect(await knock(bob, later)).toBe(101);
  });

  it('may take the addresses of its person along: nobody but staff takes part from there, until it is lifted', async () => {
    const [bob, cat] = [await aUser(app), await aUser(app)];
    const address = bob.client.address!;
    const neighbour = app.client(address);
    const from = (person: { cookie: string }) =>
      SocketClient.attempt(app.url, `/ws?room=${slug}`, {
        ...(person.cookie && { cookie: person.cookie }),
        headers: { 'x-forwarded-for': address },
      });
    const statusOf = (answer: Awaited<ReturnType<typeof from>>) =>
      answer instanceof SocketClient ? 101 : answer.status;
    const here = await from(neighbour);
    expect((await impose(moderator, bob, { action: 'ban', address: true }, null)).status).toBe(403);
    expect((await impose(admin, bob, { address: true }, null)).status).toBe(400);
    expect((await impose(admin, bob, { action: 'ban', address: true })).status).toBe(400);
    const { body } = await impose(admin, bob, { action: 'ban', address: true, reason: 'again' }, null);
    expect(body.addresses).toBe(1);
    expect(here instanceof SocketClient && (await here.closed())).toBe(4003);

    const names = () => ({ username: uniqueName(), nickname: uniqueName('n'), password: 'correct horse 1' });
    const tries = async () => [
      statusOf(await from(neighbour)),
      statusOf(await from(cat)),
      (await neighbour.post('/user/register', names())).status,
      (await neighbour.get(`/api/rooms/${slug}/access`)).status,
    ];
    expect(await tries()).toEqual([403, 403, 403, 403]);
    const message = { text: 'from there', nonce: randomUUID() };
    const post = (person: TestUser) =>
      person.client.post(`/api/rooms/${slug}/messages`, message, { headers: { 'x-forwarded-for': address } });
    expect((await post(cat)).body.error.code).toBe('user.banned');
    expect((await post(moderator)).status).toBe(201);
    expect([statusOf(await from(moderator)), (await say(cat)).status]).toEqual([101, 201]);
    // Who only says that they come from elsewhere is not believed: the proxy's word is the last in the list.
    const lied = { headers: { 'x-forwarded-for': `198.51.100.7, ${address}` } };
    expect((await app.client().post('/user/register', names(), lied)).status).toBe(403);

    const { bans } = (await admin.client.get('/api/address-bans')).body;
    expect(bans).toMatchObject([{ address, user: { id: bob.user.id }, reason: 'again' }]);
    expect((await moderator.client.get('/api/address-bans')).status).toBe(403);
    expect((await admin.client.delete(`/api/address-bans/${randomUUID()}`)).status).toBe(404);
    expect((await lift(admin, body.sanction.id, null)).status).toBe(204);
    expect(await tries()).toEqual([101, 101, 201, 204]);
    expect((await admin.client.get('/api/address-bans')).body.bans).toEqual([]);
  });

  it('is ordered against posts: none is stored behind it', async () => {
    const [bob, room] = [await aUser(app), await aRoom()];
    await appoint(bob, room);
    const sockets = await Promise.all(Array.from({ length: 4 }, () => enter(bob, room)));
    const watcher = await enter(ann, room);
    const flooding = new AbortController();
    const flood = sockets.map(async (socket) => {
      for (let n = 0; n < 50 && !flooding.signal.aborted; n++) {
        socket.send('say', { text: `post ${n}`, nonce: randomUUID() });
        await new Promise(setImmediate);
      }
    });
    const answer = await impose(admin, bob, { action: 'ban' }, room);
    flooding.abort();
    expect(answer.status).toBe(201);
    await Promise.all(flood);
    expect(await Promise.all(sockets.map((socket) => socket.closed()))).toEqual([4003, 4003, 4003, 4003]);

    await say(ann, 'the end', room);
    await watcher.next('message.posted', ({ text }) => text === 'the end');
    const events = watcher.entries.map(({ event, data }) =>
      event === 'message.posted' ? data.author?.id : event,
    );
    console.log(`${events.length - 2} posts before the ban`);
    expect(events.slice(events.indexOf('user.sanctioned'))).toEqual(['user.sanctioned', ann.user.id]);
  });

  it('is kept by a server that starts again', async () => {
    const { dir } = app;
    const [bob, cat] = [await aUser(app), await aUser(app)];
    await impose(moderator, bob, { action: 'ban' });
    await impose(moderator, cat, { seconds: 3600 });
    await app.nest.close();
    app = await startApp({ dir });
    for (const person of [founder, admin, moderator, ann, bob, cat]) {
      Object.assign(person.client, { url: app.url });
    }
    expect(await knock(bob)).toBe('403 user.banned');
    expect((await say(cat)).body.error.code).toBe('user.timed-out');
  });
});

describe('rank', () => {
  it('keeps people from acting on those who are not below them, in a room and on the server', async () => {
    const [bob, other, ofRoom] = [await aUser(app), await aModerator(app), await aUser(app)];
    await appoint(ofRoom);
    const statuses = async (by: TestUser, whom: TestUser) => [
      (await impose(by, whom, { seconds: 10 })).status,
      (await impose(by, whom, { seconds: 10 }, null)).status,
    ];
    expect(await statuses(bob, ann)).toEqual([403, 403]);
    expect(await statuses(ofRoom, bob)).toEqual([201, 403]);
    expect(await statuses(moderator, bob)).toEqual([201, 201]);
    for (const by of [moderator, ofRoom]) {
      for (const whom of [founder, admin, other, ofRoom, moderator]) {
        expect(await statuses(by, whom), `${by.user.nickname} on ${whom.user.role}`).toEqual([403, 403]);
      }
    }
    expect(await statuses(admin, other)).toEqual([201, 201]);
    expect(await statuses(admin, ofRoom)).toEqual([201, 201]);
    expect(await statuses(admin, founder)).toEqual([403, 403]);
    expect(await statuses(admin, admin)).toEqual([403, 403]);
  });

  it('gives no way around it by lifting, guessing ids or another room', async () => {
    const [bob, other, room] = [await aUser(app), await aModerator(app), await aRoom()];
    const ofRoom = await aUser(app);
    await appoint(ofRoom, room);
    const { sanction } = (await impose(admin, other, { action: 'ban' })).body;
    // A moderator frees no moderator, a banned one does nothing, and a room's moderator nothing elsewhere.
    expect((await lift(moderator, sanction.id)).status).toBe(403);
    expect((await lift(other, sanction.id)).status).toBe(403);
    expect((await impose(other, bob)).status).toBe(403);
    expect((await lift(ofRoom, sanction.id, room)).status).toBe(404);
    expect((await lift(ofRoom, sanction.id)).status).toBe(403);
    expect((await impose(ofRoom, bob)).status).toBe(403);
    expect((await lift(bob, sanction.id)).status).toBe(403);
    expect((await lift(admin, randomUUID())).status).toBe(404);
    expect((await impose(moderator, { ...bob, user: { ...bob.user, id: randomUUID() } })).status).toBe(404);
    expect((await impose(moderator, bob, {}, 'no-such-room')).status).toBe(404);
    expect((await bob.client.get(`/api/rooms/${slug}/sanctions`)).status).toBe(403);
    expect((await bob.client.get('/api/sanctions')).status).toBe(403);
    expect((await lift(admin, sanction.id)).status).toBe(204);
  });

  it('protects the first administrator from being demoted by others', async () => {
    const answer = await admin.client.patch(`/api/users/${founder.user.id}`, { role: 'user' });
    expect(answer.status).toBe(403);
    expect(answer.body.error.fields).toEqual({ role: 'The first administrator stays one.' });
    expect((await founder.client.patch(`/api/users/${admin.user.id}`, { role: 'user' })).status).toBe(200);
    expect((await founder.client.patch(`/api/users/${admin.user.id}`, { role: 'admin' })).status).toBe(200);
  });
});

describe('a moderator of one room', () => {
  it('is one at once in open sockets, there alone, and no longer as soon as the role is taken back', async () => {
    const [bob, cat, room] = [await aUser(app), await aUser(app), await aRoom()];
    const [socket, lobby] = [await enter(bob, room), await enter(bob, 'lobby')];
    const words = async (where: string) => (await say(cat, 'words', where)).body.seq as number;
    const remove = async (from: SocketClient, target: number) => {
      const nonce = randomUUID();
      from.send('remove', { target, nonce });
      return from.answerTo(nonce).then(
        () => 'ack',
        (error: Error) => /auth\.forbidden/.exec(error.message)?.[0],
      );
    };
    expect(await remove(socket, await words(room))).toBe('auth.forbidden');

    expect((await appoint(bob, room)).status).toBe(204);
    expect(await socket.next('user.role-changed')).toMatchObject({
      user: { id: bob.user.id },
      role: 'moderator',
    });
    expect(await remove(socket, await words(room))).toBe('ack');
    expect(await remove(lobby, await words('lobby'))).toBe('auth.forbidden');
    await socket.say('as staff');
    expect((await socket.find('message.posted', ({ text }) => text === 'as staff')).author?.role).toBe(
      'moderator',
    );
    expect((await (await enter(bob, room)).find('welcome')).viewer?.role).toBe('moderator');
    const list = await admin.client.get(`/api/rooms/${room}/moderators`);
    expect(list.body.users.map(({ id }: { id: string }) => id)).toEqual([bob.user.id]);

    // What renews an account everywhere leaves its rank here as it is.
    await bob.client.patch('/user/me', { locale: 'ko' });
    expect(await remove(socket, await words(room))).toBe('ack');

    const { status } = await admin.client.delete(`/api/rooms/${room}/moderators/${bob.user.id}`);
    expect(status).toBe(204);
    expect(await remove(socket, await words(room))).toBe('auth.forbidden');
  });

  it('is made by administrators alone', async () => {
    for (const person of [ann, moderator]) {
      const path = `/api/rooms/${slug}/moderators/${ann.user.id}`;
      expect((await person.client.request('PUT', path)).status).toBe(403);
      expect((await person.client.delete(path)).status).toBe(403);
    }
    expect((await admin.client.request('PUT', `/api/rooms/${slug}/moderators/nobody`)).status).toBe(404);
  });
});

describe('a mode', () => {
  const modes = (by: TestUser, room: string, settings: object, more: object = {}) =>
    by.client.patch(`/api/rooms/${room}`, { settings, ...more });

  it('of slow writing is told to everybody, holds for people and not for staff, and ends', async () => {
    const [bob, room] = [await aUser(app), await aRoom()];
    const socket = await enter(bob, room);
    expect((await modes(moderator, room, { slowMode: 300 })).body.room.settings.slowMode).toBe(300);
    expect((await socket.next('room.changed')).settings).toEqual({ slowMode: 300 });
    expect((await (await enter(ann, room)).find('welcome')).room.settings.slowMode).toBe(300);

    await socket.say('first');
    socket.send('say', { text: 'second', nonce: 'second-12' });
    const refusal = await socket.next('error');
    expect(refusal).toMatchObject({ code: 'room.slow-mode', nonce: 'second-12' });
    expect(refusal.retryAfterMs).toBeGreaterThan(290_000);
    expect(refusal.message).toBe('Slow mode is on. You can write again in 5 minutes.');
    // Another socket, or HTTP, is no way around it; staff have no need of one.
    expect((await say(bob, 'third', room)).status).toBe(429);
    expect((await say(ann, 'mine', room)).status).toBe(201);
    expect([(await say(moderator, 'a', room)).status, (await say(moderator, 'b', room)).status]).toEqual([
      201, 201,
    ]);

    await modes(moderator, room, { slowMode: 0 });
    await socket.say('at last');
  });

  it('of hosts only lets staff write, those of the room too, and others read', async () => {
    const [bob, host, room] = [await aUser(app), await aUser(app), await aRoom()];
    await appoint(host, room);
    const { seq } = (await say(bob, 'before', room)).body;
    await modes(host, room, { hostsOnly: true });
    const edit = await bob.client.patch(`/api/rooms/${room}/messages/${seq}`, {
      text: 'x',
      nonce: randomUUID(),
    });
    expect([(await say(bob, 'now', room)).body.error.code, edit.body.error.code]).toEqual([
      'room.read-only',
      'room.read-only',
    ]);
    expect((await say(host, 'hosting', room)).status).toBe(201);
    expect((await bob.client.delete(`/api/rooms/${room}/messages/${seq}`)).status).toBe(200);
  });

  it('without links refuses them however they are written, in edits too, and not those of staff', async () => {
    const [bob, room] = [await aUser(app), await aRoom()];
    await modes(moderator, room, { noLinks: true });
    const { seq } = (await say(bob, 'no link', room)).body;
    for (const text of ['https://example.org', 'ｅｘａｍｐｌｅ.com', 'exam\u200Bple.com에서']) {
      expect((await say(bob, text, room)).body.error.code, text).toBe('text.links');
    }
    const edit = { text: 'www.example.org', nonce: randomUUID() };
    expect((await bob.client.patch(`/api/rooms/${room}/messages/${seq}`, edit)).body.error.code).toBe(
      'text.links',
    );
    expect((await say(moderator, 'https://example.org', room)).status).toBe(201);
  });

  it('is switched by staff of the room, and all else about it by administrators', async () => {
    const [bob, host, room] = [await aUser(app), await aUser(app), await aRoom()];
    await appoint(host, room);
    const status = async (by: TestUser, settings: object, more: object = {}) =>
      (await modes(by, room, settings, more)).status;
    expect(await status(bob, { slowMode: 5 })).toBe(403);
    expect(await status(host, { slowMode: 5 })).toBe(200);
    expect((await modes(host, 'lobby', { slowMode: 5 })).status).toBe(403);
    for (const by of [host, moderator]) {
      expect(await status(by, { noticesUpTo: 500 })).toBe(403);
      expect(await status(by, { slowMode: 5 }, { title: 'Mine' })).toBe(403);
      expect(await status(by, { slowMode: 5 }, { archived: true })).toBe(403);
    }
    expect(await status(admin, { textLimit: 500, slowMode: 0 }, { title: 'Ours' })).toBe(200);
  });

  it.each([{ slowMode: 2 }, { slowMode: 301 }, { slowMode: '5' }, { hostsOnly: 1 }, { noLinks: null }])(
    'cannot be %j',
    async (settings) => {
      expect((await modes(admin, slug, settings)).status).toBe(400);
    },
  );
});

it('says on arrival until when somebody is timed out', async () => {
  const bob = await aUser(app);
  const { sanction } = (await impose(moderator, bob, { seconds: 600 })).body;
  expect((await (await enter(bob)).find('welcome')).timedOutUntil).toBe(sanction.until);
  expect(await (await enter(ann)).find('welcome')).not.toHaveProperty('timedOutUntil');
});
