import { randomBytes, randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';

import type { SessionData } from 'express-session';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Clock } from '../src/common/clock.js';
import { SessionStore } from '../src/auth/session.store.js';
import { SocketSweep } from '../src/auth/socket-sweep.js';
import { sql, startApp, type TestApp } from './support/app.js';
import { DAY, MINUTE, TestClock } from './support/clock.js';
import { onPostgres } from './support/database.js';
import { anAdmin, aUser, uniqueAddress, type TestUser } from './support/factories.js';
import { startProcess } from './support/process.js';
import { SocketClient } from './support/socket-client.js';

let app: TestApp;
let clock: TestClock;
beforeAll(async () => {
  clock = new TestClock();
  app = await startApp({ override: (builder) => builder.overrideProvider(Clock).useValue(clock) });
});
afterAll(() => app.stop());

const credentials = ({ username, password }: TestUser) => ({ username, password });

/** The same person on another device. */
async function again(person: TestUser): Promise<TestUser['client']> {
  const client = app.client(uniqueAddress());
  expect((await client.post('/user/login', credentials(person))).status).toBe(200);
  return client;
}

const row = async (query: string) => (await sql(app, query))[0];

describe('the cookie', () => {
  it('is made at log-in, for this host, out of reach of scripts', async () => {
    const client = app.client();
    const guest = await client.get('/user/me');
    expect(guest.status).toBe(401);
    expect(guest.headers.getSetCookie()).toEqual([]);

    const ann = await aUser(app);
    const [cookie] = (await client.post('/user/login', credentials(ann))).headers.getSetCookie();
    expect(cookie).toMatch(/^sid=s%3A/);
    expect(cookie).toMatch(/; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
  });

  it('is bound to https and the host when people come by https', async () => {
    const secure = await startApp({ env: { PUBLIC_URL: 'https://chat.example' } });
    try {
      const ann = await aUser(secure);
      expect([...ann.client.cookies.keys()]).toEqual(['__Host-sid']);
      const answer = await secure.client().post('/user/login', credentials(ann));
      expect(answer.headers.getSetCookie()[0]).toMatch(
        /^__Host-sid=.*; Path=\/;.*; HttpOnly; Secure; SameSite=Lax$/,
      );
      expect(answer.headers.get('strict-transport-security')).toContain('max-age=');
      expect((await ann.client.get('/user/me')).status).toBe(200);
    } finally {
      await secure.stop();
    }
  });

  it('means nothing when it was guessed or changed', async () => {
    const ann = await aUser(app);
    const before = await row('SELECT COUNT(*) AS n FROM sessions');
    const value = ann.client.cookies.get('sid')!;
    const last = value.at(-1) === 'A' ? 'B' : 'A';
    const guesses = [
      value.slice(0, -1) + last,
      's%3Aguess.guess',
      'x',
      '',
      's%3A',
      '%E0%A4%A',
      ...Array.from({ length: 50 }, () => `s%3A${randomBytes(24).toString('base64url')}.x`),
    ];
    for (const guess of guesses) {
      const answer = await app.client().get('/user/me', { headers: { cookie: `sid=${guess}` } });
      expect(answer.status).toBe(401);
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
    expect(await row('SELECT COUNT(*) AS n FROM sessions')).toEqual(before);
  });

  it('over 16 KB is refused', async () => {
    const answer = await app.client().get('/user/me', { headers: { cookie: `sid=${'x'.repeat(20_000)}` } });
    expect(answer.status).toBe(431);
  });

  it('is never the one that an attacker chose', async () => {
    const ann = await aUser(app);
    const client = app.client();
    client.cookies.set('sid', 'attacker');
    await client.post('/user/login', credentials(ann));
    const first = client.cookies.get('sid')!;
    expect(first).not.toBe('attacker');

    await client.post('/user/login', credentials(ann));
    expect(client.cookies.get('sid')).not.toBe(first);
    const old = await app.client().get('/user/me', { headers: { cookie: `sid=${first}` } });
    expect(old.status).toBe(401);
  });

  it('is worth nothing to who reads the database', async () => {
    const ann = await aUser(app);
    const sid = decodeURIComponent(ann.client.cookies.get('sid')!).slice(2).split('.')[0]!;
    const stored = JSON.stringify(await row(`SELECT * FROM sessions WHERE user_id = '${ann.user.id}'`));
    expect(stored).toContain(ann.user.id);
    expect(stored).not.toContain(sid);
  });
});

describe('a session', () => {
  it('outlives the server, even one that was killed, with the secret that was made once', async () => {
    const killed = await startProcess();
    const ann = await aUser(killed);
    await killed.kill('SIGKILL');

    const next = await startApp({ dir: killed.dir });
    try {
      const answer = await next.client().get('/user/me', { headers: { cookie: ann.cookie } });
      expect(answer.body.user).toEqual(ann.user);
      if (!onPostgres) {
        expect(statSync(`${killed.dir}/madang.db.session-secret`).mode & 0o777).toBe(0o600);
      }
    } finally {
      await next.stop();
      await killed.stop();
    }
  });

  it('is written at most every five minutes, ends after 14 idle days and after 90 in all', async () => {
    const ann = await aUser(app);
    const seen = async () =>
      Number((await row(`SELECT seen_at FROM sessions WHERE user_id = '${ann.user.id}'`))!['seen_at']);
    const visit = async (ms: number) => {
      clock.advance(ms);
      return (await ann.client.get('/user/me')).status;
    };
    const start = await seen();
    expect(await visit(4 * MINUTE)).toBe(200);
    expect(await seen()).toBe(start);
    expect(await visit(2 * MINUTE)).toBe(200);
    expect(await seen()).toBeGreaterThan(start);

    for (let day = 13; day < 90; day += 13) {
      expect(await visit(13 * DAY)).toBe(200);
    }
    expect(await visit(13 * DAY)).toBe(401);

    const bob = await aUser(app);
    clock.advance(14 * DAY + MINUTE);
    expect((await bob.client.get('/user/me')).status).toBe(401);
  });

  it('does not come back when a request was still running at log-out', async () => {
    const ann = await aUser(app);
    const store = app.get(SessionStore);
    const sid = decodeURIComponent(ann.client.cookies.get('sid')!).slice(2).split('.')[0]!;
    const read = () =>
      new Promise<SessionData | null>((resolve) => store.get(sid, (_, found) => resolve(found ?? null)));
    const session = (await read())!;
    expect(session.userId).toBe(ann.user.id);

    expect((await ann.client.post('/user/logout')).status).toBe(204);
    await new Promise<void>((resolve) => store.set(sid, session, () => resolve()));
    await new Promise<void>((resolve) => store.touch(sid, { ...session, seenAt: 0 }, () => resolve()));

    expect(await read()).toBeNull();
    const cookie = { cookie: ann.cookie };
    expect((await app.client().get('/user/me', { headers: cookie })).status).toBe(401);
  });

  it('is listed with its device, and ended alone or with all the others', async () => {
    const ann = await aUser(app);
    const phone = app.client();
    await phone.post('/user/login', credentials(ann), { headers: { 'user-agent': 'Phone/1.0' } });
    const tablet = await again(ann);
    const bob = await aUser(app);

    const { sessions } = (await ann.client.get('/user/sessions')).body;
    expect(sessions).toHaveLength(3);
    expect(sessions.filter((session: { current: boolean }) => session.current)).toHaveLength(1);
    const { id } = sessions.find((session: { agent: string }) => session.agent === 'Phone/1.0');

    expect((await bob.client.delete(`/user/sessions/${id}`)).status).toBe(404);
    expect((await ann.client.delete('/user/sessions/unknown')).status).toBe(404);
    expect((await phone.get('/user/me')).status).toBe(200);

    expect((await ann.client.delete(`/user/sessions/${id}`)).status).toBe(204);
    expect((await phone.get('/user/me')).status).toBe(401);
    expect((await ann.client.delete(`/user/sessions/${id}`)).status).toBe(404);
    expect((await tablet.get('/user/me')).status).toBe(200);

    expect((await ann.client.delete('/user/sessions')).status).toBe(204);
    expect((await tablet.get('/user/me')).status).toBe(401);
    expect((await ann.client.get('/user/sessions')).body.sessions).toHaveLength(1);
    expect((await bob.client.get('/user/me')).status).toBe(200);
  });

  it('is one of fifty at most: the one not used for longest gives way', { timeout: 60_000 }, async () => {
    const ann = await aUser(app);
    const [store, data] = [
      app.get(SessionStore),
      { cookie: { originalMaxAge: null }, userId: ann.user.id, agent: 'x' },
    ];
    for (let index = 0; index < 49; index++) {
      clock.advance(1000);
      const session = { ...data, createdAt: clock.now(), seenAt: clock.now() } as unknown as SessionData;
      await new Promise<void>((resolve) => store.set(`device ${index}`, session, () => resolve()));
    }
    expect((await ann.client.get('/user/sessions')).body.sessions).toHaveLength(50);

    clock.advance(1000);
    const newest = await again(ann);
    expect((await ann.client.get('/user/me')).status).toBe(401);
    expect((await newest.get('/user/sessions')).body.sessions).toHaveLength(50);
  });

  it('of others ends with a new password', async () => {
    const ann = await aUser(app);
    const phone = await again(ann);
    const password = 'another horse 2';

    const wrong = await ann.client.post('/user/password', { current: 'wrong horse 1', password });
    expect(wrong.status).toBe(400);
    expect(wrong.body.error.fields).toEqual({ current: 'This is not your current password.' });
    const weak = await ann.client.post('/user/password', { current: ann.password, password: 'weak' });
    expect(Object.keys(weak.body.error.fields)).toEqual(['password']);
    expect((await phone.get('/user/me')).status).toBe(200);

    expect((await ann.client.post('/user/password', { current: ann.password, password })).status).toBe(204);
    expect((await phone.get('/user/me')).status).toBe(401);
    expect((await ann.client.get('/user/me')).status).toBe(200);
    expect((await app.client().post('/user/login', credentials(ann))).status).toBe(401);
    expect((await app.client().post('/user/login', { ...credentials(ann), password })).status).toBe(200);
  });

  it('is not ended by following a link', async () => {
    const ann = await aUser(app);
    expect((await ann.client.get('/user/logout')).status).toBe(404);
    expect((await ann.client.get('/user/me')).status).toBe(200);
    expect((await ann.client.post('/user/logout')).status).toBe(204);
    expect(ann.client.cookies.size).toBe(0);
    expect((await ann.client.post('/user/logout')).status).toBe(204);
  });
});

describe('an open socket', () => {
  const open = (cookie: string) => SocketClient.open(app.url, '/ws?room=lobby', { cookie });
  const dead = (cookie: string) => SocketClient.attempt(app.url, `/ws/${randomUUID()}`, { cookie });

  it('closes with its session, and no other does', async () => {
    const ann = await aUser(app);
    const other = await open((await again(ann)).cookie);
    const [one, two] = [await open(ann.cookie), await open(ann.cookie)];

    await ann.client.post('/user/logout');
    expect([await one.closed(), await two.closed()]).toEqual([4001, 4001]);
    await other.say('still here');
    other.close();
    expect(await dead(ann.cookie)).toMatchObject({ status: 401, body: { error: { code: 'auth.required' } } });
  });

  it.each([
    ['signing out everywhere', (ann: TestUser) => ann.client.delete('/user/sessions')],
    [
      'a new password',
      (ann: TestUser) =>
        ann.client.post('/user/password', { current: ann.password, password: 'another 2 horse' }),
    ],
  ])('elsewhere closes by %s', async (_, act) => {
    const ann = await aUser(app);
    const [own, other] = [await open(ann.cookie), await open((await again(ann)).cookie)];
    expect((await act(ann)).status).toBe(204);
    expect(await other.closed()).toBe(4001);
    await own.say('still here');
    own.close();
  });

  it('closes when another log-in takes the place of its own', async () => {
    const ann = await aUser(app);
    const socket = await open(ann.cookie);
    await ann.client.post('/user/login', credentials(ann));
    expect(await socket.closed()).toBe(4001);
  });

  it('speaks under a new nickname at once', async () => {
    const ann = await aUser(app);
    const socket = await open(ann.cookie);
    await ann.client.patch('/user/me', { nickname: 'Nobody Else Here' });

    const { seq } = await socket.say('hello');
    const posted = await socket.find('message.posted', (message) => message.seq === seq);
    expect(posted.author).toMatchObject({ id: ann.user.id, nickname: 'Nobody Else Here' });
    socket.close();
  });

  it('is judged by a new role at once', async () => {
    // The first administrator is demoted by nobody else: Ann is the second.
    const [admin, ann] = [await anAdmin(app), await anAdmin(app)];
    const socket = await open(ann.cookie);
    await socket.say('An announcement', { kind: 'admin' });

    expect((await admin.client.patch(`/api/users/${ann.user.id}`, { role: 'user' })).status).toBe(200);
    await expect(socket.say('Another one', { kind: 'admin' })).rejects.toThrow('auth.forbidden');
    socket.close();
  });

  it('is found by the sweep when its session ran out or its role changed elsewhere', async () => {
    const [ann, bob] = [await aUser(app), await aUser(app)];
    const [anns, guest] = [await open(ann.cookie), await open('')];
    clock.advance(10 * DAY);
    await bob.client.get('/user/me');
    const bobs = await open(bob.cookie);
    await sql(app, `UPDATE users SET role = 'admin' WHERE id = '${bob.user.id}'`);
    await expect(bobs.say('An announcement', { kind: 'admin' })).rejects.toThrow('auth.forbidden');

    clock.advance(5 * DAY);
    await app.get(SocketSweep).sweep();
    expect(await anns.closed()).toBe(4001);
    const { seq } = await bobs.say('An announcement', { kind: 'admin' });
    await guest.find('message.posted', (message) => message.seq === seq);
    expect(await row(`SELECT id FROM sessions WHERE user_id = '${ann.user.id}'`)).toBeUndefined();
    bobs.close();
    guest.close();
  });
});
