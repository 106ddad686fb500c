import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { RetentionService } from '../src/chat/messages/retention.service.js';
import { Clock } from '../src/common/clock.js';
import { startApp, type TestApp } from './support/app.js';
import { aUser, anAdmin, type TestUser } from './support/factories.js';
import { SocketClient } from './support/socket-client.js';

let app: TestApp;
let ann: TestUser;
let bob: TestUser;
let admin: TestUser;

beforeAll(async () => {
  app = await startApp();
  [ann, bob, admin] = [await aUser(app), await aUser(app), await anAdmin(app)];
});
afterAll(() => app.stop());

/** A room of one's own for a test, so that its log starts at 1. */
async function aRoom(kind: 'chat' | 'stream' = 'chat'): Promise<string> {
  const slug = `r-${randomUUID().slice(0, 8)}`;
  const answer = await admin.client.post('/api/rooms', { slug, title: 'A room', kind });
  expect(answer.status).toBe(201);
  return slug;
}

const open = (slug: string, who?: TestUser, query = '') =>
  SocketClient.open(app.url, `/ws?room=${slug}${query}`, who ? { cookie: who.cookie } : {});

describe('joining', () => {
  it('welcomes a guest with where the log stands, and an account with itself', async () => {
    const slug = await aRoom();
    const guest = await open(slug);
    const member = await open(slug, ann);

    expect(await guest.next('welcome')).toMatchObject({
      v: 1,
      room: { slug, title: 'A room', kind: 'chat', settings: { textLimit: 200 } },
      viewer: null,
      epoch: expect.any(String),
      head: 0,
      first: 1,
      mode: 'snapshot',
      limits: { text: 200, frame: 16_384, posts: 11, windowMs: 30_000 },
      presence: { count: 1, sockets: 1 },
    });
    expect(await guest.next('live')).toEqual({ seq: 0 });
    expect((await member.next('welcome')).viewer).toMatchObject({ id: ann.user.id, username: ann.username });
    guest.close();
    member.close();
  });

  it('gives the newest 50, and the rest by page', async () => {
    const slug = await aRoom();
    const host = await open(slug, admin);
    for (let number = 1; number <= 60; number++) {
      host.send('say', { text: `m${number}`, nonce: `nonce-no-${number}` });
    }
    await host.find('ack', ({ nonce }) => nonce === 'nonce-no-60');

    const late = await open(slug);
    expect(await late.next('live')).toEqual({ seq: 60 });
    expect(late.entries.map(({ data }) => data.seq)).toEqual(range(11, 60));

    late.send('history', { before: 11, limit: 4 });
    const page = await late.next('history');
    expect(page).toMatchObject({ before: 11, more: true });
    expect(page.entries.map(({ data }) => data.seq)).toEqual([7, 8, 9, 10]);
    late.send('history', { after: 57 });
    expect(await late.next('history')).toMatchObject({ after: 57, more: false, entries: [{}, {}, {}] });
    late.send('history', { before: 3, after: 1 });
    expect(await late.next('error')).toMatchObject({
      code: 'frame.invalid',
      fields: { after: expect.any(String) },
    });
    late.close();
    host.close();
  });

  it('resumes exactly where the client was, and starts over when the log is another', async () => {
    const slug = await aRoom();
    const host = await open(slug, admin);
    const { epoch } = await host.next('welcome');
    for (const text of ['one', 'two', 'three']) {
      await host.say(text);
    }

    const resumed = await open(slug, ann, `&after=1&epoch=${epoch}`);
    expect((await resumed.next('welcome')).mode).toBe('resume');
    expect(await resumed.next('live')).toEqual({ seq: 3 });
    expect(resumed.texts).toEqual(['two', 'three']);

    const again = await open(slug, ann, `&after=3&epoch=${epoch}`);
    expect(await again.next('live')).toEqual({ seq: 3 });
    expect(again.entries).toEqual([]);

    for (const query of ['&after=1', `&after=1&epoch=${randomUUID()}`, `&after=4&epoch=${epoch}`]) {
      const fresh = await open(slug, ann, query);
      expect((await fresh.next('welcome')).mode).toBe('snapshot');
      expect(await fresh.next('live')).toEqual({ seq: 3 });
      fresh.close();
    }
    for (const socket of [host, resumed, again]) {
      socket.close();
    }
  });
});

describe('posting', () => {
  it('tells everybody in the order of acceptance, and answers a retry with the first answer', async () => {
    const slug = await aRoom();
    const [a, b] = [await open(slug, ann), await open(slug, bob)];
    const first = await a.say('hello', { nonce: 'the-nonce' });
    await b.say('hi');
    const retried = await a.say('hello again', { nonce: 'the-nonce' });

    expect(first).toMatchObject({ seq: 1, id: expect.any(String), at: expect.any(String) });
    a.send('say', { text: 'hello', nonce: 'the-nonce' });
    expect(await a.next('ack', ({ dup }) => dup === true)).toEqual({ ...first, dup: true });
    expect(retried.seq).toBe(1);
    for (const socket of [a, b]) {
      await socket.find('message.posted', ({ seq }) => seq === 2);
      expect(socket.texts).toEqual(['hello', 'hi']);
    }
    expect(b.entries[0]).toMatchObject({
      event: 'message.posted',
      data: {
        kind: 'chat',
        nonce: 'the-nonce',
        author: { id: ann.user.id, nickname: ann.user.nickname, role: 'user', color: ann.user.color },
      },
    });
    a.close();
    b.close();
  });

  it('keeps the order of a burst', async () => {
    const slug = await aRoom();
    const host = await open(slug, admin);
    const texts = range(1, 200).map(String);
    texts.forEach((text) => host.send('say', { text, nonce: `burst-nonce-${text}` }));
    await host.find('message.posted', ({ seq }) => seq === 200);
    expect(host.texts).toEqual(texts);
    host.close();
  });

  it('refuses with a reason and the nonce, and stores nothing', async () => {
    const slug = await aRoom();
    const [guest, member] = [await open(slug), await open(slug, ann)];
    const refused = async (socket: SocketClient, data: Record<string, unknown>) => {
      socket.raw(JSON.stringify({ event: 'say', data: { nonce: 'refused-1', ...data } }));
      return socket.next('error');
    };

    expect(await refused(guest, { text: 'hi' })).toMatchObject({ code: 'auth.required', nonce: 'refused-1' });
    expect(await refused(member, { text: ' \u200b ' })).toMatchObject({ code: 'text.empty' });
    expect(await refused(member, { text: 'x'.repeat(201) })).toMatchObject({ code: 'text.too-long' });
    expect(await refused(member, { text: `${'x\n'.repeat(10)}x` })).toMatchObject({
      code: 'frame.invalid',
      fields: { text: expect.stringContaining('10') },
    });
    expect(await refused(member, { text: 'a\0b' })).toMatchObject({
      code: 'frame.invalid',
      fields: { text: expect.any(String) },
    });
    expect(await refused(member, { text: 5 })).toMatchObject({
      code: 'frame.invalid',
      fields: { text: expect.any(String) },
    });
    expect(await refused(member, { text: 'x', role: 'admin' })).toMatchObject({
      fields: { role: expect.any(String) },
    });
    expect(await refused(member, { text: 'x', kind: 'admin' })).toMatchObject({ code: 'auth.forbidden' });
    expect(await refused(member, { text: 'x', replyTo: 99 })).toMatchObject({
      fields: { replyTo: expect.any(String) },
    });
    expect((await member.say('👨‍👩‍👧‍👦'.repeat(200))).seq).toBe(1);
    expect((await member.say('x', { nonce: 'refused-1' })).seq).toBe(2);
    guest.close();
    member.close();
  });

  it('allows eleven posts in thirty seconds over all rooms, says how long to wait, and never charges a retry', async () => {
    const slug = await aRoom();
    const carol = await aUser(app);
    const socket = await open(slug, carol);
    const began = performance.now();
    /** What is left of the thirty seconds at least, in milliseconds. */
    const left = () => 30_000 - Math.ceil(performance.now() - began) - 1;
    for (const number of range(1, 11)) {
      await socket.say('same words', { nonce: `budget-${number}` });
    }
    expect((await socket.say('same words', { nonce: 'budget-1' })).dup).toBe(true);
    socket.send('say', { text: 'one too many', nonce: 'budget-12' });
    const error = await socket.next('error');
    expect(error).toMatchObject({ code: 'rate.limited', nonce: 'budget-12' });
    expect(error.retryAfterMs).toBeGreaterThanOrEqual(left());

    const overHttp = await carol.client.post('/api/rooms/lobby/messages', { text: 'x', nonce: 'budget-13' });
    expect(overHttp.status).toBe(429);
    expect(Number(overHttp.headers.get('retry-after'))).toBeGreaterThanOrEqual(Math.floor(left() / 1000));
    socket.close();
  });

  it('highlights an announcement by an administrator', async () => {
    const slug = await aRoom('stream');
    const socket = await SocketClient.open(app.url, `/ws/streaming?room=${slug}`, { cookie: admin.cookie });
    await socket.say('We begin at nine.', { kind: 'admin' });
    expect(await socket.next('message.posted')).toMatchObject({ kind: 'admin', author: { role: 'admin' } });
    socket.close();
  });
});

describe('edits', () => {
  it('are not taken where the room does not allow them, but from staff', async () => {
    const slug = await aRoom();
    const { status } = await admin.client.patch(`/api/rooms/${slug}`, { settings: { edits: false } });
    expect(status).toBe(200);
    for (const [person, outcome] of [
      [ann, [403, 'room.no-edits']],
      [admin, [200, undefined]],
    ] as const) {
      const path = `/api/rooms/${slug}/messages`;
      const { body } = await person.client.post(path, { text: 'hello', nonce: randomUUID() });
      const change = { text: 'hallo', nonce: randomUUID() };
      const answer = await person.client.patch(`${path}/${body.seq}`, change);
      expect([answer.status, answer.body.error?.code]).toEqual(outcome);
    }
  });
});

describe('edits and removals', () => {
  it('are entries of the log; the text of a removed message is never sent again', async () => {
    const slug = await aRoom();
    const [a, b] = [await open(slug, ann), await open(slug, bob)];
    await a.say('fisrt');
    a.send('edit', { target: 1, text: 'first', nonce: 'edit-0001' });
    expect(await a.next('ack', ({ nonce }) => nonce === 'edit-0001')).toMatchObject({ seq: 2 });
    expect(await b.next('message.changed')).toMatchObject({ seq: 2, target: 1, text: 'first' });

    b.send('edit', { target: 1, text: 'mine now', nonce: 'edit-0002' });
    expect(await b.next('error')).toMatchObject({ code: 'auth.forbidden', nonce: 'edit-0002' });
    b.send('remove', { target: 1, nonce: 'remove-02' });
    expect(await b.next('error')).toMatchObject({ code: 'auth.forbidden' });
    b.send('remove', { target: 7, nonce: 'remove-07' });
    expect(await b.next('error')).toMatchObject({ code: 'not-found' });

    a.send('remove', { target: 1, nonce: 'remove-01' });
    expect(await b.next('message.removed')).toMatchObject({ seq: 3, target: 1, by: 'author' });
    a.send('remove', { target: 1, nonce: 'remove-09' });
    expect(await a.next('ack', ({ nonce }) => nonce === 'remove-09')).toMatchObject({ seq: 3, dup: true });

    const late = await open(slug);
    await late.next('live');
    const answer = await bob.client.get(`/api/rooms/${slug}/messages`);
    for (const entries of [late.entries, answer.body.entries]) {
      expect(entries).toMatchObject([
        { event: 'message.posted', data: { seq: 1, text: null, removed: true } },
        { event: 'message.withheld', data: { seq: 2 } },
        { event: 'message.removed', data: { seq: 3 } },
      ]);
      expect(JSON.stringify(entries)).not.toMatch(/fisrt|first/);
    }
    for (const socket of [a, b, late]) {
      socket.close();
    }
  });

  it('lets an administrator remove anything, over HTTP too', async () => {
    const slug = await aRoom();
    const posted = await ann.client.post(`/api/rooms/${slug}/messages`, { text: 'spam', nonce: 'http-0001' });
    expect(posted).toMatchObject({ status: 201, body: { seq: 1 } });
    const again = await ann.client.post(`/api/rooms/${slug}/messages`, { text: 'spam', nonce: 'http-0001' });
    expect(again).toMatchObject({ status: 200, body: { ...posted.body, dup: true } });

    expect((await bob.client.delete(`/api/rooms/${slug}/messages/1`)).status).toBe(403);
    expect(await admin.client.delete(`/api/rooms/${slug}/messages/1`, {})).toMatchObject({
      status: 200,
      body: { seq: 2 },
    });
    const socket = await open(slug);
    expect(await socket.next('message.removed')).toMatchObject({ target: 1, by: 'staff' });
    expect(
      (await ann.client.patch(`/api/rooms/${slug}/messages/1`, { text: 'x', nonce: 'http-0002' })).status,
    ).toBe(404);
    socket.close();
  });
});

describe('rooms', () => {
  it('are changed through their log, and an archived one can only be read', async () => {
    const slug = await aRoom('stream');
    const socket = await SocketClient.open(app.url, `/ws/streaming?room=${slug}`, { cookie: ann.cookie });
    const embed = 'https://www.youtube.com/watch?v=dQw4w9WgXcQ';
    const changed = await admin.client.patch(`/api/rooms/${slug}`, {
      title: 'Tonight',
      embed,
      settings: { textLimit: 5 },
    });
    expect(changed.body.room).toMatchObject({
      title: 'Tonight',
      embed,
      settings: { textLimit: 5, noticesUpTo: 50 },
    });
    expect(await socket.next('room.changed')).toMatchObject({
      seq: 1,
      title: 'Tonight',
      embed,
      settings: { textLimit: 5 },
    });
    socket.send('say', { text: 'longer', nonce: 'too-long-1' });
    expect(await socket.next('error')).toMatchObject({ code: 'text.too-long' });

    await admin.client.patch(`/api/rooms/${slug}`, { archived: true });
    expect(await socket.next('room.changed')).toMatchObject({ seq: 2, archived: true });
    socket.send('say', { text: 'late', nonce: 'too-late-1' });
    expect(await socket.next('error')).toMatchObject({ code: 'room.read-only' });

    expect((await admin.client.patch(`/api/rooms/${slug}`, { embed: 'javascript:alert(1)' })).status).toBe(
      400,
    );
    expect((await ann.client.patch(`/api/rooms/${slug}`, { title: 'mine' })).status).toBe(403);
    expect((await app.client().post('/api/rooms', { slug: 'x1', title: 'x', kind: 'chat' })).status).toBe(
      401,
    );
    expect((await admin.client.post('/api/rooms', { slug, title: 'x', kind: 'chat' })).status).toBe(409);
    socket.close();
  });

  it('say in their log what changed, and nothing else', async () => {
    const slug = await aRoom();
    const change = async (body: unknown) => (await admin.client.patch(`/api/rooms/${slug}`, body)).status;
    for (const nothing of [{}, { title: 'A room' }, { archived: false }, { settings: { textLimit: 200 } }]) {
      expect(await change(nothing), JSON.stringify(nothing)).toBe(200);
    }
    const nulls = [
      { title: null },
      { settings: null },
      { settings: { textLimit: null } },
      { archived: null },
    ];
    for (const wrong of nulls) {
      expect(await change(wrong), JSON.stringify(wrong)).toBe(400);
    }
    expect(await change({ title: 'A room', settings: { textLimit: 100, noticesUpTo: 50 } })).toBe(200);
    const { body } = await admin.client.get(`/api/rooms/${slug}/messages`);
    expect(body.entries).toEqual([
      { event: 'room.changed', data: { seq: 1, settings: { textLimit: 100 }, at: expect.any(String) } },
    ]);
  });

  it('count people once however many sockets they have', async () => {
    const slug = await aRoom();
    const watcher = await open(slug);
    const [one, two] = [await open(slug, ann), await open(slug, ann)];
    expect(await watcher.find('presence', ({ sockets }) => sockets === 3)).toEqual({ count: 2, sockets: 3 });
    const shown = await app.client().get(`/api/rooms/${slug}`);
    expect(shown.body.room.presence).toEqual({ count: 2, sockets: 3 });
    expect(await watcher.next('notice')).toEqual({ kind: 'joined', nickname: ann.user.nickname, count: 1 });
    one.close();
    two.close();
    expect(await watcher.find('presence', ({ sockets }) => sockets === 1)).toEqual({ count: 1, sockets: 1 });
    watcher.close();
  });
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

describe('retention', () => {
  it('forgets old entries, keeps the seqs, and starts a client over that knows only what is gone', async () => {
    const clock = new MovableClock();
    const server = await startApp({
      env: { RETENTION_DAYS: '7' },
      override: (builder) => builder.overrideProvider(Clock).useValue(clock),
    });
    const host = await anAdmin(server);
    const socket = await SocketClient.open(server.url, '/ws?room=lobby', { cookie: host.cookie });
    const { epoch } = await socket.next('welcome');
    await socket.say('old');
    await socket.say('old too');
    clock.ahead = 8 * 24 * 60 * 60 * 1000;
    await server.get(RetentionService).sweep();

    expect((await socket.say('new')).seq).toBe(3);
    const late = await SocketClient.open(server.url, `/ws?room=lobby&after=1&epoch=${epoch}`);
    expect(await late.next('welcome')).toMatchObject({ mode: 'snapshot', first: 3, head: 3 });
    await late.next('live');
    expect(late.texts).toEqual(['new']);
    const page = await server.client().get('/api/rooms/lobby/messages?before=3');
    expect(page.body).toEqual({ entries: [], more: false });
    await server.stop();
  });
});

describe('an entry that is not for everybody', () => {
  it('shows viewers only its place, in replay and in history', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'madang-'));
    const before = await startApp({ dir });
    const host = await anAdmin(before);
    for (const text of ['one', 'for staff', 'three']) {
      await host.client.post('/api/rooms/lobby/messages', { text, nonce: `nonce ${text}` });
    }
    // What moderation will do, in its place: the entry is marked, and every reader meets the mark.
    await before.get(DataSource).query(`UPDATE entries SET audience = 'staff' WHERE text = 'for staff'`);
    await before.stop();
    const again = await startApp({ dir });
    const [viewer, staff] = [
      await SocketClient.open(again.url, '/ws?room=lobby'),
      await SocketClient.open(again.url, '/ws?room=lobby', { cookie: host.cookie }),
    ];
    await Promise.all([viewer.next('live'), staff.next('live')]);
    expect(viewer.entries.map(({ event }) => event)).toEqual([
      'message.posted',
      'message.withheld',
      'message.posted',
    ]);
    expect(staff.texts).toEqual(['one', 'for staff', 'three']);
    viewer.send('history', { after: 0 });
    expect((await viewer.next('history')).entries[1]).toEqual({
      event: 'message.withheld',
      data: { seq: 2 },
    });
    const guest = await again.client().get('/api/rooms/lobby/messages');
    expect(guest.body.entries[1]).toEqual({ event: 'message.withheld', data: { seq: 2 } });
    await again.stop();
    await rm(dir, { recursive: true });
  });
});

class MovableClock extends Clock {
  ahead = 0;
  override now(): number {
    return super.now() + this.ahead;
  }
}
