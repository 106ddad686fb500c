import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import SqliteDatabase from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';

import { loadConfig } from '../src/config/app-config.js';
import { move } from '../src/database/moving/move.js';
import { SourceFile } from '../src/database/moving/source.file.js';
import { TargetServer } from '../src/database/moving/target.server.js';
import { runMigrations } from '../src/database/run-migrations.js';
import { startApp, type TestApp } from './support/app.js';
import { freshPostgres, onPostgres, postgresAnswers } from './support/database.js';
import { anAdmin, aUser } from './support/factories.js';
import { SocketClient } from './support/socket-client.js';

const hasPostgres = await postgresAnswers();
const dir = mkdtempSync(join(tmpdir(), 'madang-'));
afterAll(() => rmSync(dir, { recursive: true }));

const onFile = (file: string) => startApp({ dir, env: { DATABASE_URL: file } });
const logOf = async (app: TestApp, query = '') =>
  (await app.client().get(`/api/rooms/lobby/messages?limit=200${query}`)).body.entries;

interface Done {
  code: number;
  out: string;
}

/** Runs a command of the built product as an operator would. */
async function command(name: string, DATABASE_URL: string, ...args: string[]): Promise<Done> {
  const env = { PATH: process.env['PATH'], DATABASE_URL, LANG: 'en_US.UTF-8' };
  return promisify(execFile)(process.execPath, [`dist/database/${name}.js`, ...args], { env }).then(
    ({ stdout }) => ({ code: 0, out: stdout }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      out: error.stdout + error.stderr,
    }),
  );
}

// It is about both engines at once: once is enough.
describe.runIf(hasPostgres && !onPostgres)('npm run move-database', { timeout: 60_000 }, () => {
  it('takes everything along to PostgreSQL, goes on after an interruption, and compares both sides', async () => {
    const file = join(dir, 'moved.db');
    const before = await onFile(file);
    const ann = await anAdmin(before, { nickname: '가나다 🌙' });
    const bob = await aUser(before);
    await ann.client.post('/api/rooms', { slug: 'garden', title: 'Garden', kind: 'chat' });
    await ann.client.patch('/api/rooms/lobby', { settings: { textLimit: 300 } });
    const socket = await SocketClient.open(before.url, '/ws?room=lobby', { cookie: ann.cookie });
    const { epoch } = await socket.next('welcome');
    // More than a page, so that there is a middle to be interrupted in.
    for (let number = 0; number < 1200; number++) {
      socket.send('say', { text: `“${number}” it's \\ 안녕`, nonce: `nonce-${number}` });
    }
    await socket.find('ack', ({ nonce }) => nonce === 'nonce-1199');
    const removed = await ann.client.delete('/api/rooms/lobby/messages/3');
    expect(removed.status).toBeLessThan(300);
    const log = await logOf(before);
    const head: number = log.at(-1).data.seq;
    expect(head).toBeGreaterThan(1000);
    await before.stop();

    const url = await freshPostgres('move');
    await runMigrations(loadConfig({ DATABASE_URL: url }));
    const [source, target] = [new SourceFile(file), await TargetServer.open(url)];
    const pulled = move(source, target, (table) => {
      if (table === 'entries') {
        throw new Error('the plug was pulled');
      }
    });
    await expect(pulled).rejects.toThrow('the plug was pulled');
    source.close();
    await target.close();
    await expect(startApp({ dir, env: { DATABASE_URL: url } })).rejects.toThrow('not finished');

    const { code, out } = await command('move-database', file, url);
    expect(out).toContain(`entries: ${head - 1000} rows copied`);
    expect(out).toContain(`entries: ${head.toLocaleString('en')} rows, the same on both sides`);
    expect(code).toBe(0);

    const after = await startApp({ dir, env: { DATABASE_URL: url } });
    // The session goes on: the secret came along.
    const me = await after.client().get('/user/me', { headers: { cookie: ann.cookie } });
    expect(me.body.user).toMatchObject({ nickname: '가나다 🌙', role: 'admin' });
    expect(await logOf(after)).toEqual(log);
    const back = await SocketClient.open(after.url, `/ws?room=lobby&after=${head}&epoch=${epoch}`, {
      cookie: bob.cookie,
    });
    expect(await back.next('welcome')).toMatchObject({ mode: 'resume', head });
    expect((await back.say('and on it goes')).seq).toBe(head + 1);
    const admin = after.client();
    await admin.post('/user/login', { username: ann.username, password: ann.password });
    const made = await admin.post('/api/rooms', { slug: 'orchard', title: 'Orchard', kind: 'chat' });
    expect(made.status).toBe(201);
    back.close();
    await after.stop();

    // What has been used since is not written over.
    const again = await command('move-database', file, url);
    expect(again).toMatchObject({ code: 1, out: expect.stringContaining('it must be a new one') });
  });

  it('says how it is used', async () => {
    expect(await command('move-database', join(dir, 'not-there.db'), 'postgres://x/y')).toMatchObject({
      code: 1,
      out: expect.stringContaining('npm run move-database -- postgres://'),
    });
  });
});

describe('npm run restore', { timeout: 60_000 }, () => {
  it.skipIf(onPostgres)('puts a backup back under new epochs, and keeps what was there', async () => {
    const [file, backup] = [join(dir, 'kept.db'), join(dir, 'backup.db')];
    const before = await onFile(file);
    const ann = await aUser(before);
    const socket = await SocketClient.open(before.url, '/ws?room=lobby', { cookie: ann.cookie });
    const { epoch } = await socket.next('welcome');
    await socket.say('in the backup');
    const live = new SqliteDatabase(file);
    live.prepare('VACUUM INTO ?').run(backup);
    live.close();
    await socket.say('lost with the disk');
    socket.close();
    await before.stop();

    expect(await command('restore', file, join(dir, 'nowhere.db'))).toMatchObject({ code: 1 });
    const { code, out } = await command('restore', file, backup);
    expect(out).toMatch(/is kept as .*kept\.db\.before-/);
    expect(out).toContain('2 rooms begin anew');
    expect(code).toBe(0);

    const after = await onFile(file);
    const back = await SocketClient.open(after.url, `/ws?room=lobby&after=2&epoch=${epoch}`, {
      cookie: ann.cookie,
    });
    expect(await back.next('welcome')).toMatchObject({
      mode: 'snapshot',
      head: 1,
      epoch: expect.not.stringMatching(epoch),
    });
    expect((await back.say('a new history')).seq).toBe(2);
    back.close();
    await after.stop();
  });

  it.runIf(onPostgres)('gives new epochs on PostgreSQL, once no server uses it', async () => {
    const url = await freshPostgres('restore');
    const app = await startApp({ env: { DATABASE_URL: url } });
    const ann = await aUser(app);
    const socket = await SocketClient.open(app.url, '/ws?room=lobby', { cookie: ann.cookie });
    const { epoch } = await socket.next('welcome');
    await socket.say('hello');
    socket.close();
    expect(await command('restore', url)).toMatchObject({
      code: 1,
      out: expect.stringContaining('stop it first'),
    });
    await app.stop();

    expect(await command('restore', url)).toMatchObject({ code: 0 });
    const again = await startApp({ env: { DATABASE_URL: url } });
    const back = await SocketClient.open(again.url, `/ws?room=lobby&after=1&epoch=${epoch}`, {
      cookie: ann.cookie,
    });
    expect(await back.next('welcome')).toMatchObject({ mode: 'snapshot', head: 1 });
    back.close();
    await again.stop();
  });
});
