import { randomUUID } from 'node:crypto';

import { afterEach, describe, expect, it } from 'vitest';

import type { EntryFrame } from '../../src/protocol/frames.js';
import { sql, startApp, type TestApp } from '../support/app.js';
import { freshPostgres } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { aModerator, type TestUser } from '../support/factories.js';
import { PostgresProxy } from '../support/postgres-proxy.js';
import { canRunPostgres, PostgresServer } from '../support/postgres-server.js';
import { SocketClient } from '../support/socket-client.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) {
    await cleanup();
  }
});

async function node(DATABASE_URL: string): Promise<TestApp> {
  const app = await startApp({ env: { DATABASE_URL, MAX_SOCKETS_PER_USER: '100' } });
  cleanups.push(() => app.stop());
  return app;
}

async function proxyTo(url: string): Promise<PostgresProxy> {
  const proxy = await PostgresProxy.start(url);
  cleanups.push(() => proxy.stop());
  return proxy;
}

async function open(app: TestApp, who: TestUser): Promise<SocketClient> {
  const socket = await SocketClient.open(app.url, '/ws?room=lobby', { cookie: who.cookie });
  await socket.find('live');
  return socket;
}

const seqsOf = (entries: readonly EntryFrame[]) => entries.map(({ data }) => data.seq);

/** I1, I2 and I5 of every fault test: what was acked is where it was said to be, seqs are dense, no nonce is there twice. */
async function expectWhole(app: TestApp, acked: ReadonlyMap<string, number>): Promise<number> {
  const rows = await sql<{ seq: number; nonce: string }>(
    app,
    `SELECT e.seq, e.nonce FROM entries e JOIN rooms r ON r.id = e.room_id WHERE r.slug = 'lobby' ORDER BY e.seq`,
  );
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
  expect(new Set(rows.map(({ nonce }) => nonce)).size).toBe(rows.length);
  const stored = new Map(rows.map(({ nonce, seq }) => [nonce, seq]));
  for (const [nonce, seq] of acked) {
    expect(stored.get(nonce), nonce).toBe(seq);
  }
  return rows.length;
}

/** Says one thing after the other for as long as `goesOn`; answers nonces with their seqs. Whoever is refused fails. */
async function sayOn(socket: SocketClient, goesOn: () => boolean): Promise<Map<string, number>> {
  const acked = new Map<string, number>();
  while (goesOn()) {
    const nonce = randomUUID();
    acked.set(nonce, (await socket.say('on and on', { nonce })).seq);
  }
  return acked;
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? NaN;
}

describe('PostgreSQL', { timeout: 120_000 }, () => {
  it('F9: cut 200 times around a commit, loses and doubles nothing, on two nodes', async () => {
    const url = await freshPostgres('commits');
    const proxies = [await proxyTo(url), await proxyTo(url)] as const;
    const nodes = [await node(proxies[0].url), await node(proxies[1].url)] as const;
    const staff = await aModerator(nodes[0]);
    const viewer = await open(nodes[0], staff);
    const writers = [await open(nodes[0], staff), await open(nodes[0], staff), await open(nodes[1], staff)];

    proxies.forEach((proxy) => {
      proxy.cutEvery = 2;
    });
    const cuts = () => proxies[0].cutsInAll + proxies[1].cutsInAll;
    const said = await Promise.all(writers.map((writer) => sayOn(writer, () => cuts() < 200)));
    proxies.forEach((proxy) => {
      proxy.cutEvery = 0;
    });

    const acked = new Map(said.flatMap((own) => [...own]));
    console.log('cuts', proxies[0].cuts, proxies[1].cuts, 'acked', acked.size);
    expect(await expectWhole(nodes[0], acked)).toBe(acked.size);
    // The same nonces on the other node: every one of them is known.
    for (const [nonce, seq] of [...acked].slice(-20)) {
      expect(await writers[2]!.say('on and on', { nonce })).toMatchObject({ seq, dup: true });
    }
    const last = await writers[0]!.say('the end');
    await viewer.find('message.posted', ({ seq }) => seq === last.seq);
    expect(seqsOf(viewer.entries)).toEqual(Array.from({ length: last.seq }, (_, index) => index + 1));
  });

  it('F10: with 200 ms more for each round trip, batches grow and nobody is refused', async () => {
    const proxy = await proxyTo(await freshPostgres('latency'));
    const app = await node(proxy.url);
    const staff = await aModerator(app);
    const writers = await Promise.all(Array.from({ length: 20 }, () => open(app, staff)));
    proxy.latencyMs = 200;

    const waits: number[] = [];
    const said = await Promise.all(
      writers.map(async (writer) => {
        const acked = new Map<string, number>();
        for (let count = 0; count < 10; count++) {
          const [nonce, began] = [randomUUID(), performance.now()];
          acked.set(nonce, (await writer.say('far away', { nonce })).seq);
          waits.push(performance.now() - began);
        }
        return acked;
      }),
    );
    proxy.latencyMs = 0;

    console.log(
      `acks: p50 ${percentile(waits, 0.5).toFixed(0)} ms, p99 ${percentile(waits, 0.99).toFixed(0)} ms`,
    );
    const acked = new Map(said.flatMap((own) => [...own]));
    expect(acked.size).toBe(200);
    expect(await expectWhole(app, acked)).toBe(200);
  });

  it.runIf(canRunPostgres)(
    'F8: crashed and away for some seconds, refuses in time, keeps the viewers, and goes on by itself',
    async () => {
      const server = await PostgresServer.start();
      cleanups.push(() => server.remove());
      const app = await node(server.url);
      const staff = await aModerator(app);
      const [viewer, writer] = [await open(app, staff), await open(app, staff)];
      const acked = new Map<string, number>();
      /** What was said about a nonce. */
      const refused = new Map<string, string>();
      const refusalMs: number[] = [];
      let isDown = false;
      let ackedWhileDown = 0;
      const over = new AbortController();
      const speaking = (async () => {
        while (!over.signal.aborted) {
          const [nonce, began] = [randomUUID(), performance.now()];
          try {
            acked.set(nonce, (await writer.say('is anybody there?', { nonce })).seq);
            ackedWhileDown += Number(isDown);
          } catch (error) {
            refused.set(nonce, String(error));
            refusalMs.push(performance.now() - began);
            // Nobody asks again at once; and each of these is said once more in the end.
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
        }
      })();
      await eventually('posts', () => acked.size > 20);

      await server.crash();
      isDown = true;
      await eventually('a refusal', () => refused.size > 0);
      await eventually(
        'not being ready',
        async () => (await app.client().get('/health/ready')).status === 503,
      );
      expect((await app.client().get('/api/rooms/lobby')).status).toBe(503);
      await new Promise((resolve) => setTimeout(resolve, 5000));
      isDown = false;
      const back = performance.now();
      await server.up();
      const before = acked.size;
      await eventually('posts again', () => acked.size > before + 20, {
        withinMs: 20_000,
        seen: () => `The last refusal: ${[...refused.values()].at(-1)}`,
      });
      console.log(
        `refused ${refused.size}, slowest ${Math.max(...refusalMs).toFixed(0)} ms;`,
        `posts again ${(performance.now() - back).toFixed(0)} ms after the start began`,
      );
      over.abort();
      await speaking;

      expect(ackedWhileDown).toBe(0);
      expect([...refused.values()].filter((message) => !message.includes('storage.busy'))).toEqual([]);
      expect((await app.client().get('/health/ready')).status).toBe(200);
      for (const nonce of refused.keys()) {
        acked.set(nonce, (await writer.say('is anybody there?', { nonce })).seq);
      }
      const stored = await expectWhole(app, acked);
      await viewer.find('message.posted', ({ seq }) => seq === stored);
      expect(seqsOf(viewer.entries)).toEqual(Array.from({ length: stored }, (_, index) => index + 1));
    },
  );
});
