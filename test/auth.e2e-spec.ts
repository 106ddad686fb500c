import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { sql, startApp, type TestApp } from './support/app.js';
import { aUser, uniqueAddress, uniqueName } from './support/factories.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

/** What a person fills in, all of it fine. */
const form = () => ({ username: uniqueName(), nickname: uniqueName('n'), password: 'correct horse 1' });
const someone = () => app.client(uniqueAddress());

/** How many rows a table has, read past the server. */
async function rows(table: 'users' | 'sessions'): Promise<number> {
  const [counted] = await sql<{ n: number }>(app, `SELECT COUNT(*) AS n FROM ${table}`);
  return counted!.n;
}

describe('registering', () => {
  it('makes an account and signs it in', async () => {
    const ann = await aUser(app, { nickname: '  Ann   of Green ' });

    expect(ann.user).toEqual({
      id: expect.any(String),
      username: ann.username,
      nickname: 'Ann of Green',
      role: 'user',
      locale: null,
      color: expect.any(Number),
    });
    expect((await ann.client.get('/user/me')).body).toEqual({ user: ann.user });
  });

  it.each([
    ['username', 'ann'],
    ['username', 'a'.repeat(21)],
    ['username', 'anna anna'],
    ['username', 'аnnaanna'],
    ['username', ''],
    ['username', null],
    ['username', { $ne: 1 }],
    ['nickname', 'a'],
    ['nickname', 'a'.repeat(21)],
    ['nickname', 'an\u202ena'],
    ['nickname', 'an\u200bna'],
    ['nickname', 'an\0na'],
    ['nickname', '가\u3164나'],
    ['nickname', 42],
    ['password', 'short 1'],
    ['password', 'no digit here'],
    ['password', '1234567890'],
    ['password', `a1${'x'.repeat(255)}`],
    ['password', ['correct horse 1']],
  ])('refuses the %s %j and says which field it is', async (field, value) => {
    const before = await rows('users');
    const answer = await someone().post('/user/register', { ...form(), [field]: value });

    expect(answer.status).toBe(400);
    expect(answer.body.error.code).toBe('frame.invalid');
    expect(Object.keys(answer.body.error.fields)).toEqual([field]);
    expect(await rows('users')).toBe(before);
  });

  it('takes the longest names and passwords there may be', async () => {
    const password = `1${'비'.repeat(255)}`;
    const ann = await aUser(app, { username: uniqueName().padEnd(20, 'z'), password });
    const answer = await someone().post('/user/login', { username: ann.username, password });
    expect(answer.status).toBe(200);
  });

  it.each([{ role: 'admin' }, { isAdmin: true }, { id: '1' }, { passwordHash: 'x' }, { __proto__x: 1 }])(
    'refuses the unknown field %j',
    async (extra) => {
      const answer = await someone().post('/user/register', { ...form(), ...extra });
      expect(answer.status).toBe(400);
      expect(answer.body.error.fields).toEqual({ [Object.keys(extra)[0]!]: 'This field is not known.' });
    },
  );

  it('is not fooled by __proto__', async () => {
    const body = JSON.stringify(form()).replace('{', '{"__proto__":{"role":"admin"},');
    const answer = await someone().post('/user/register', body, {
      headers: { 'content-type': 'application/json' },
    });
    expect([answer.status, answer.body.user?.role]).not.toContain('admin');
    expect(({} as { role?: string }).role).toBeUndefined();
  });

  it('keeps names that speak for the place', async () => {
    const answer = await someone().post('/user/register', { ...form(), nickname: 'Admın' });
    expect(answer.status).toBe(400);
    expect(answer.body.error).toEqual({
      code: 'name.reserved',
      message: 'That name is reserved. Please choose another.',
      fields: { nickname: 'This name is reserved.' },
    });
  });

  it('refuses names that are taken, their other spellings and their look-alikes', async () => {
    const ann = await aUser(app);
    const username = await someone().post('/user/register', {
      ...form(),
      username: ann.username.toUpperCase(),
    });
    expect(username.status).toBe(409);
    expect(username.body.error).toMatchObject({
      code: 'name.taken',
      fields: { username: expect.any(String) },
    });

    const nickname = ann.user.nickname.toUpperCase().replace('_', ' . ');
    const lookalike = await someone().post('/user/register', { ...form(), nickname });
    expect(lookalike.status).toBe(409);
    expect(Object.keys(lookalike.body.error.fields)).toEqual(['nickname']);
  });

  it('gives a name to one of many who ask at once', async () => {
    const { username } = form();
    const spellings = [username, username.toUpperCase(), username.replace('u_', 'U_')];
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        someone().post('/user/register', { ...form(), username: spellings[index % 3] }),
      ),
    );
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
    expect(statuses).toEqual([201, ...Array<number>(11).fill(409)]);
    for (const { body } of answers.filter(({ status }) => status === 409)) {
      expect(body.error).toMatchObject({ code: 'name.taken', fields: { username: expect.any(String) } });
    }
  });

  it('makes 30 accounts for an address in an hour, not counting refused forms', async () => {
    const address = uniqueAddress();
    const register = (changes = {}) => app.client(address).post('/user/register', { ...form(), ...changes });

    const refused = await Promise.all(Array.from({ length: 40 }, () => register({ password: 'x' })));
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([400]));
    const taken = { username: (await aUser(app)).username };
    expect((await register(taken)).status).toBe(409);

    const made = await Promise.all(Array.from({ length: 31 }, () => register()));
    expect(made.filter(({ status }) => status === 201)).toHaveLength(30);
    const last = made.find(({ status }) => status !== 201)!;
    expect(last.status).toBe(429);
    expect(last.body.error.code).toBe('rate.limited');
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(3500);
    expect((await someone().post('/user/register', form())).status).toBe(201);
  });
});

describe('logging in', () => {
  it('works whatever the case of the name, under a session of its own', async () => {
    const ann = await aUser(app);
    const client = someone();
    const answer = await client.post('/user/login', {
      username: ann.username.toUpperCase(),
      password: ann.password,
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ user: ann.user });
    expect(client.cookie).not.toBe(ann.cookie);
    expect((await client.get('/user/me')).status).toBe(200);
  });

  it('refuses an unknown name and a wrong password alike', async () => {
    const ann = await aUser(app);
    const [wrong, unknown] = [
      await someone().post('/user/login', { username: ann.username, password: 'wrong horse 1' }),
      await someone().post('/user/login', { username: uniqueName(), password: 'wrong horse 1' }),
    ];
    expect(wrong.status).toBe(401);
    expect(wrong.body.error.code).toBe('auth.invalid');
    expect([unknown.status, unknown.text]).toEqual([wrong.status, wrong.text]);
    expect(names(unknown.headers)).toEqual(names(wrong.headers));
  });

  it('reads the whole password', async () => {
    const password = `${'x'.repeat(80)}one1`;
    const ann = await aUser(app, { password });
    const answer = await someone().post('/user/login', {
      username: ann.username,
      password: `${'x'.repeat(80)}two2`,
    });
    expect(answer.status).toBe(401);
  });

  it.each([
    [{ username: { $ne: 1 }, password: ['a'] }],
    [{ username: 5, password: 6 }],
    [{ username: null, password: null }],
    [{ username: 'anna', password: 'a'.repeat(257) }],
    [{ username: 'a'.repeat(257), password: 'correct horse 1' }],
    [{ username: 'anna' }],
    [{}],
    [null],
    [[]],
    [undefined],
  ])('answers %j with a refusal', async (body) => {
    const answer = await someone().post('/user/login', body);
    expect(answer.status).toBe(400);
    expect(answer.body.error.code).toMatch(/^frame\./);
  });

  it('takes no credentials from the address', async () => {
    const ann = await aUser(app);
    const query = new URLSearchParams({ username: ann.username, password: ann.password }).toString();
    expect((await someone().post(`/user/login?${query}`, {})).status).toBe(400);
  });

  it('counts wrong passwords by name and address, so that nobody can lock a person out', async () => {
    const ann = await aUser(app);
    const [here, there] = [uniqueAddress(), uniqueAddress()];
    const login = (address: string, password: string) =>
      app.client(address).post('/user/login', { username: ann.username, password });

    const wrong = await Promise.all(Array.from({ length: 8 }, () => login(here, 'wrong horse 1')));
    expect(wrong.map(({ status }) => status).sort((a, b) => a - b)).toEqual([
      401, 401, 401, 401, 401, 429, 429, 429,
    ]);
    const late = await login(here, ann.password);
    expect(late.status).toBe(429);
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(800);

    expect((await login(there, ann.password)).status).toBe(200);
  });

  it('does not count right ones', async () => {
    const ann = await aUser(app);
    const address = uniqueAddress();
    for (let round = 0; round < 7; round++) {
      const login = { username: ann.username, password: ann.password };
      expect((await app.client(address).post('/user/login', login)).status).toBe(200);
    }
  });

  it('counts one password tried on many names, from all of an IPv6 /64', async () => {
    const network = `2001:db8:${Math.floor(Math.random() * 65_535).toString(16)}:1`;
    const statuses = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const client = app.client(`${network}::${index.toString(16)}`);
        const body = { username: uniqueName(), password: 'summer 2026' };
        return (await client.post('/user/login', body)).status;
      }),
    );
    expect(statuses.filter((status) => status === 401)).toHaveLength(50);
    expect(statuses.filter((status) => status === 429)).toHaveLength(10);
  });
});

describe('an account', () => {
  it('changes its nickname and its language', async () => {
    const ann = await aUser(app);
    const nickname = uniqueName('new');
    const answer = await ann.client.patch('/user/me', { nickname, locale: 'ko' });
    expect(answer.status).toBe(200);
    expect(answer.body.user).toEqual({ ...ann.user, nickname, locale: 'ko' });
    expect((await ann.client.get('/user/me')).body.user).toMatchObject({ nickname, locale: 'ko' });

    const refused = await ann.client.patch('/user/me', { nickname: 'x' });
    expect(refused.body.error.message).toBe('다시 확인할 항목이 있어요.');
    expect((await ann.client.patch('/user/me', { locale: null })).body.user.locale).toBeNull();
  });

  it('may spell its own nickname another way, and not as somebody else', async () => {
    const [ann, bob] = [await aUser(app), await aUser(app)];
    const own = await ann.client.patch('/user/me', { nickname: ann.user.nickname.toUpperCase() });
    expect(own.status).toBe(200);

    const taken = await ann.client.patch('/user/me', { nickname: bob.user.nickname.toUpperCase() });
    expect(taken.status).toBe(409);
    expect(taken.body.error).toMatchObject({ code: 'name.taken', fields: { nickname: expect.any(String) } });
  });

  it.each([{ role: 'admin' }, { username: 'another' }, { id: 'x' }, { locale: 'fr' }, { nickname: null }])(
    'cannot change %j',
    async (change) => {
      const ann = await aUser(app);
      const answer = await ann.client.patch('/user/me', change);
      expect(answer.status).toBe(400);
      expect(Object.keys(answer.body.error.fields)).toEqual(Object.keys(change));
      expect((await ann.client.get('/user/me')).body.user).toEqual(ann.user);
    },
  );

  it('shows nobody its password, its hash or its session', async () => {
    const ann = await aUser(app);
    const answers = await Promise.all(['/user/me', '/user/sessions'].map((path) => ann.client.get(path)));
    for (const { text } of answers) {
      expect(text).not.toMatch(/hash|password|\$2b\$|127\.0\.0\.1|\d+\.\d+\.\d+\.\d+/i);
      expect(text).not.toContain(ann.cookie.slice(8, 40));
    }
  });
});

function names(headers: Headers): string[] {
  return [...headers.keys()];
}
