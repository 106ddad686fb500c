import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import type { AckData, EntryFrame } from '../src/protocol/frames.js';
import { onPostgres } from './support/database.js';
import { aUser, type TestUser } from './support/factories.js';
import { promote, startProcess, type ServerProcess } from './support/process.js';
import { SocketClient } from './support/socket-client.js';

const started: ServerProcess[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

async function start(dir?: string): Promise<ServerProcess> {
  const server = await startProcess(dir === undefined ? {} : { dir });
  started.push(server);
  return server;
}

const open = (server: ServerProcess, who: TestUser, query = '') =>
  SocketClient.open(server.url, `/ws?room=lobby${query}`, { cookie: who.cookie });

/** Says `count` things without waiting; nonces are `prefix-number`. */
function sayAll(socket: SocketClient, prefix: string, count: number): void {
  for (let number = 0; number < count; number++) {
    socket.send('say', { text: `${prefix} ${number}`, nonce: `${prefix}-${number}` });
  }
}

const acksOf = (socket: SocketClient): AckData[] =>
  socket.frames.flatMap((frame) => (frame.event === 'ack' ? [frame.data] : []));

/** The whole log, page by page. */
async function logOf(server: ServerProcess): Promise<EntryFrame[]> {
  const entries: EntryFrame[] = [];
  let more = true;
  while (more) {
    const after = entries.at(-1)?.data.seq ?? 0;
    const page = await server.client().get(`/api/rooms/lobby/messages?after=${after}&limit=200`);
    entries.push(...page.body.entries);
    more = page.body.more;
  }
  return entries;
}

/** Dense seqs, every acked nonce at its acked seq, no nonce twice. */
function expectWhole(log: EntryFrame[], acks: AckData[]): void {
  expect(log.map(({ data }) => data.seq)).toEqual(log.map((_, index) => index + 1));
  const nonces = log.map(({ data }) => ('nonce' in data ? data.nonce : undefined));
  expect(new Set(nonces).size).toBe(nonces.length);
  for (const { nonce, seq } of acks) {
    expect(nonces[seq - 1]).toBe(nonce);
  }
}

describe('what was acknowledged', { timeout: 60_000 }, () => {
  it('survives kill -9, is not doubled by the retry, and the client goes on where it was', async () => {
    const first = await start();
    const ann = await aUser(first);
    await promote(first, ann.username);
    const writer = await open(first, ann);
    const { epoch } = await writer.next('welcome');
    sayAll(writer, 'before-the-crash', 2000);
    await writer.find('ack', ({ nonce }) => nonce === 'before-the-crash-300');
    await first.kill('SIGKILL');
    await writer.closed();
    const acked = acksOf(writer);
    const seen = writer.entries.at(-1)?.data.seq ?? 0;
    expect(acked.length).toBeGreaterThan(300);

    const second = await start(first.dir);
    const stored = await logOf(second);
    expectWhole(stored, acked);

    const again = await open(second, ann, `&after=${seen}&epoch=${epoch}`);
    expect(await again.next('welcome')).toMatchObject({ mode: 'resume', epoch });
    expect((await again.next('live')).seq).toBe(stored.length);
    expect(again.entries).toEqual(stored.slice(seen));
    sayAll(again, 'before-the-crash', 2000);
    await again.find('ack', ({ nonce }) => nonce === 'before-the-crash-1999');
    const log = await logOf(second);
    expect(log).toHaveLength(2000);
    expectWhole(log, [...acked, ...acksOf(again)]);
    for (const { nonce, dup } of acksOf(again)) {
      const number = Number(nonce.split('-').at(-1));
      expect(dup ?? false, nonce).toBe(number < stored.length);
    }
  });

  it('is all there after SIGTERM, which tells everybody to come back', async () => {
    const first = await start();
    const ann = await aUser(first);
    await promote(first, ann.username);
    const writer = await open(first, ann);
    const watcher = await open(first, ann);
    sayAll(writer, 'while-it-stops', 1000);
    await writer.find('ack');
    const exited = first.kill('SIGTERM');
    expect(await watcher.next('restart')).toEqual({ spreadMs: expect.any(Number) });
    expect(await writer.closed()).toBe(1012);
    expect(await watcher.closed()).toBe(1012);
    expect(await exited).toEqual({ code: 0, signal: null });

    const second = await start(first.dir);
    const log = await logOf(second);
    expectWhole(log, acksOf(writer));
    // Everything taken from the socket was answered: what is stored was acknowledged, what was refused said so.
    expect(acksOf(writer)).toHaveLength(log.length);
  });

  it.skipIf(onPostgres)(
    'is kept by one server: a second one on the same file says why it will not start',
    async () => {
      const first = await start();
      await expect(startProcess({ dir: first.dir })).rejects.toThrow('one file serves one server');
      const ann = await aUser(first);
      await first.kill('SIGKILL');
      const second = await start(first.dir);
      expect(
        (await second.client().post('/user/login', { username: ann.username, password: ann.password }))
          .status,
      ).toBe(200);
    },
  );

  it.skipIf(onPostgres)(
    'has a place from the first start on, in a folder that is not there yet',
    async () => {
      const dir = await mkdtemp(join(tmpdir(), 'madang-'));
      const server = await startProcess({ dir, env: { DATABASE_URL: join(dir, 'not/yet/madang.db') } });
      started.push(server);
      const ann = await aUser(server);
      const socket = await open(server, ann);
      expect((await socket.say('the first of all')).seq).toBe(1);
      await server.stop();
      await rm(dir, { recursive: true });
    },
  );
});
