import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import Database from 'better-sqlite3';

import { SocketClient } from '../test/support/socket-client.js';
import { startMadang } from './bench/madang.js';
import { clientFrame, openRaw } from './bench/wire.js';

/**
 * `npm run figures`: causes what each of the ten figures of docs/operations.md shows, and prints what was caused beside
 * what /metrics says. Ends with 1 when they disagree.
 */
let file = '';
const server = await startMadang({ prepare: (path) => (file = path) });
const url = `http://127.0.0.1:${server.port}`;
const rows: { figure: string; caused: string; before: number; after: number; agrees: boolean }[] = [];

async function tried(
  figure: string,
  caused: string,
  series: string,
  cause: () => Promise<unknown>,
  agrees: (before: number, after: number) => boolean,
): Promise<void> {
  const before = await server.metric(series);
  const saw = await cause();
  const after = typeof saw === 'number' ? saw : await server.metric(series);
  rows.push({ figure, caused, before, after, agrees: agrees(before, after) });
}

const join = async (path = '/ws?room=lobby', cookie = server.cookie) => {
  const socket = await SocketClient.open(url, path, { cookie });
  return { socket, welcome: await socket.next('welcome'), live: await socket.next('live') };
};
const say = (text: string) =>
  clientFrame(JSON.stringify({ event: 'say', data: { text, nonce: randomUUID() } }));
const grewBy = (amount: number) => (before: number, after: number) => after - before === amount;

const crowd: SocketClient[] = [];
await tried(
  'memory',
  '500 sockets open',
  'process_resident_memory_bytes',
  async () => {
    const joined = await Promise.all(Array.from({ length: 500 }, () => join('/ws?room=lobby', '')));
    crowd.push(...joined.map(({ socket }) => socket));
  },
  (before, after) => after > before,
);
// Nobody else is to be delivered to in what follows.
crowd.forEach((socket) => socket.close());
while ((await server.metric('madang_closes_total')) < crowd.length) {
  await pause(20);
}

const { socket: writer } = await join();
await writer.say('warm');

/** Another program holds the database while posts arrive; answers what a figure says meanwhile. */
async function held(posts: number, series: string): Promise<number> {
  const raw = await openRaw(server.port, '/ws?room=lobby', server.cookie, () => undefined);
  const other = new Database(file);
  other.exec('BEGIN IMMEDIATE');
  const stored = (await server.metric('madang_posts_total')) + posts;
  raw.write(Buffer.concat(Array.from({ length: posts }, (_, post) => say(`held up ${post}`))));
  await pause(500);
  const seen = await server.metric(series);
  other.exec('COMMIT');
  other.close();
  while ((await server.metric('madang_posts_total')) < stored) {
    await pause(20);
  }
  raw.destroy();
  return seen;
}

await tried(
  'queue depth',
  '300 posts while another program holds the database',
  'madang_append_queue_entries',
  () => held(300, 'madang_append_queue_entries'),
  (before, after) => before === 0 && after >= 200 && after < 300,
);
await tried(
  'commit ms',
  'a commit that waits half a second for the database',
  'madang_commit_seconds_sum',
  async () => {
    await held(1, 'madang_commit_seconds_sum');
  },
  (before, after) => after - before >= 0.45,
);
await tried(
  'batch size',
  '100 posts, each in a group commit',
  'madang_batch_entries_sum',
  async () => {
    await held(100, 'madang_batch_entries_sum');
  },
  grewBy(100),
);

const viewers = await Promise.all(Array.from({ length: 9 }, () => join('/ws?room=lobby', '')));
await tried(
  'deliveries, under the fan-out’s time',
  '5 posts to 10 sockets',
  'madang_deliveries_total',
  async () => {
    for (let post = 0; post < 5; post++) {
      const { seq } = await writer.say(`to all ${post}`);
      await Promise.all(
        viewers.map(({ socket }) => socket.find('message.posted', (data) => data.seq === seq)),
      );
    }
  },
  grewBy(50),
);
await tried(
  'gap fills',
  '3 pages asked for with `after`',
  'madang_gap_fills_total',
  async () => {
    for (let page = 0; page < 3; page++) {
      writer.send('history', { after: page });
      await writer.next('history');
    }
  },
  grewBy(3),
);
const { welcome, live } = viewers[0]!;
await tried(
  'reconnects',
  '4 sockets resume',
  'madang_reconnects_total',
  () =>
    Promise.all(
      Array.from({ length: 4 }, () => join(`/ws?room=lobby&after=${live.seq}&epoch=${welcome.epoch}`, '')),
    ).then(() => undefined),
  grewBy(4),
);
await tried(
  'closes by code',
  '9 sockets close, 1000',
  'madang_closes_total',
  async () => {
    viewers.forEach(({ socket }) => socket.close());
    await pause(500);
  },
  grewBy(9),
);
await tried(
  'lagging sockets',
  'one that does not read while others go on speaking',
  'madang_lagging_sockets',
  async () => {
    const sleeper = await openRaw(server.port, '/ws?room=lobby', '', () => undefined);
    sleeper.pause();
    const raw = await openRaw(server.port, '/ws?room=lobby', server.cookie, () => undefined);
    let lagging = 0;
    for (let sent = 0; sent < 120 && lagging === 0; sent++) {
      // As much as the server takes, and no more.
      if (!raw.write(Buffer.concat(Array.from({ length: 500 }, () => say('a'.repeat(200)))))) {
        await new Promise((resolve) => raw.once('drain', resolve));
      }
      await pause(50);
      lagging = await server.metric('madang_lagging_sockets');
    }
    sleeper.destroy();
    raw.destroy();
    return lagging;
  },
  grewBy(1),
);
await tried(
  'loop delay',
  'the process is stopped for a second',
  'nodejs_eventloop_lag_max_seconds',
  async () => {
    process.kill(server.pid, 'SIGSTOP');
    await pause(1000);
    process.kill(server.pid, 'SIGCONT');
    await pause(200);
  },
  (before, after) => before < 0.8 && after >= 0.9,
);
console.table(rows);
await server.stop();
process.exit(rows.every(({ agrees }) => agrees) ? 0 : 1);
