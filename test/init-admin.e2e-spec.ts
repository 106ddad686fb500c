import { execFile } from 'node:child_process';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startApp, testEnv, type TestApp } from './support/app.js';
import { aUser, uniqueName } from './support/factories.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

/** The command as an operator runs it beside the running server, without a terminal. */
function initAdmin(env: Record<string, string>): Promise<{ code: number; out: string }> {
  return new Promise((resolve) => {
    const options = { env: { PATH: process.env['PATH'], ...testEnv(app.dir), ...env } };
    execFile(process.execPath, ['dist/auth/init-admin.js'], options, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, out: stdout + stderr });
    });
  });
}

const person = () => ({
  ADMIN_USERNAME: uniqueName(),
  ADMIN_PASSWORD: 'correct horse 1',
  ADMIN_NICKNAME: uniqueName('n'),
});

describe('npm run init-admin', { timeout: 60_000 }, () => {
  it('makes an administrator while the server runs, and may be repeated', async () => {
    const admin = person();
    expect(await initAdmin(admin)).toMatchObject({ code: 0 });
    const again = await initAdmin({ ...admin, ADMIN_PASSWORD: 'changed since 2' });
    expect(again).toEqual({ code: 0, out: expect.stringContaining('already') });

    const client = app.client();
    const login = await client.post('/user/login', {
      username: admin.ADMIN_USERNAME,
      password: admin.ADMIN_PASSWORD,
    });
    expect(login.body.user).toMatchObject({ role: 'admin', nickname: admin.ADMIN_NICKNAME });
    expect((await client.get('/api/users')).status).toBe(200);
  });

  it('lets the operator have the names that speak for the place', async () => {
    const { ADMIN_PASSWORD } = person();
    expect(await initAdmin({ ADMIN_USERNAME: 'admin', ADMIN_PASSWORD })).toMatchObject({ code: 0 });
    const login = await app.client().post('/user/login', { username: 'admin', password: ADMIN_PASSWORD });
    expect(login.body.user).toMatchObject({ role: 'admin', nickname: 'admin' });
  });

  it('promotes an account, and leaves its password alone', async () => {
    const ann = await aUser(app);
    expect(await initAdmin({ ADMIN_USERNAME: ann.username })).toMatchObject({ code: 0 });
    expect((await ann.client.get('/user/me')).body.user.role).toBe('admin');
    const login = { username: ann.username, password: ann.password };
    expect((await app.client().post('/user/login', login)).status).toBe(200);
  });

  it('promotes nobody who only took the name first', async () => {
    const mallory = await aUser(app);
    const answer = await initAdmin({
      ...person(),
      ADMIN_USERNAME: mallory.username,
      ADMIN_PASSWORD: 'the operator 1',
    });
    expect(answer.code).toBe(1);
    expect(answer.out).toContain(mallory.username);
    expect((await mallory.client.get('/user/me')).body.user.role).toBe('user');
  });

  it('explains what cannot be used', async () => {
    const ann = await aUser(app);
    const faults: [Record<string, string>, RegExp][] = [
      [{}, /ADMIN_USERNAME/],
      [{ ADMIN_USERNAME: uniqueName() }, /ADMIN_PASSWORD/],
      [{ ...person(), ADMIN_USERNAME: 'x' }, /username: 4–20 letters/],
      [{ ...person(), ADMIN_PASSWORD: 'weak', LANG: 'ko_KR.UTF-8' }, /password: 글자와 숫자/],
      [{ ...person(), ADMIN_NICKNAME: ann.user.nickname }, /nickname: /],
      [{ ...person(), PORT: 'x', LOG_LEVEL: 'y' }, /PORT[^]*LOG_LEVEL/],
    ];
    for (const [env, message] of faults) {
      const { code, out } = await initAdmin(env);
      expect(out).toMatch(message);
      expect(code).toBe(1);
    }
  });
});

it('has nobody with a default password', async () => {
  const fresh = await startApp();
  try {
    for (const [username, password] of [
      ['admin', 'admin'],
      ['admin', 'password1'],
      ['madang', 'madang'],
    ]) {
      expect((await fresh.client().post('/user/login', { username, password })).status).toBe(401);
    }
  } finally {
    await fresh.stop();
  }
});
