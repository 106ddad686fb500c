import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { JSON_DIALECT, SOCKET_IO, type Dialect } from './crowd.js';
import { ackedPosts } from './append.js';
import { fanout, idleMemory } from './figures.js';
import { startMadang } from './madang.js';
import { startServer, type MeasuredServer } from './server-process.js';
import { reconnectStorm } from './storm.js';

/** `npm run bench -- quick` measures a third as long. */
const isQuick = process.argv.includes('quick');
const seconds = isQuick ? 4 : 12;
const VIEWERS = 1000;

interface Row {
  server: string;
  load: string;
  'CPU µs/delivery'?: string;
  'p50 ms'?: string;
  'p99 ms'?: string;
  missing?: number;
  other?: string;
}
const rows: Row[] = [];

const PEERS: [name: string, start: () => Promise<MeasuredServer>, dialect: Dialect][] = [
  ['plain ws loop', () => peer('ws-loop'), JSON_DIALECT('/')],
  ['Socket.IO', () => peer('socket-io'), SOCKET_IO],
  ['stock Nest gateway', () => peer('stock-nest'), JSON_DIALECT('/')],
];

if (hasFastApi()) {
  PEERS.push(['FastAPI on uvicorn', fastApi, JSON_DIALECT('/')]);
} else {
  console.log('FastAPI is not measured: install python3-fastapi and uvicorn.');
}

function hasFastApi(): boolean {
  return spawnSync('/usr/bin/python3', ['-c', 'import fastapi, uvicorn']).status === 0;
}

function fastApi(): Promise<MeasuredServer> {
  const file = join(mkdtempSync(join(tmpdir(), 'fastapi-bench-')), 'chat.db');
  return startServer('/usr/bin/python3', ['-u', 'scripts/bench/peers/fastapi_chat.py', file, '0']);
}

function peer(name: string): Promise<MeasuredServer> {
  return startServer(process.execPath, ['--import', 'tsx', `scripts/bench/peers/${name}.ts`], {
    NODE_ENV: 'production',
  });
}

async function measure(
  name: string,
  server: MeasuredServer,
  dialect: Dialect,
  rate: number,
  cookie = '',
  viewers = VIEWERS,
) {
  const figure = await fanout(server, dialect, cookie, { viewers, rate, seconds });
  rows.push({
    server: name,
    load: `${viewers} viewers × ${rate}/s`,
    'CPU µs/delivery': figure.cpuPerDelivery.toFixed(2),
    'p50 ms': figure.p50.toFixed(1),
    'p99 ms': figure.p99.toFixed(1),
    missing: figure.missing,
    other: `${figure.rate.toFixed(0)}/s delivered`,
  });
  console.log(rows.at(-1));
  return figure;
}

const memory = new Map<string, number>();
const base = new Map<string, number>();
for (const [name, start, dialect] of PEERS) {
  const server = await start();
  memory.set(name, await idleMemory(server, dialect, VIEWERS));
  base.set(name, (await measure(name, server, dialect, 100)).cpuPerDelivery);
  if (name === 'plain ws loop') {
    await measure(name, server, dialect, 5);
  }
  await server.stop();
}

const madang = await startMadang();
const dialect = JSON_DIALECT('/ws?room=lobby');
memory.set('Madang', await idleMemory(madang, dialect, VIEWERS));
const ratios: Row[] = [];
for (const rate of [5, 100, 500, 2000]) {
  const { cpuPerDelivery } = await measure('Madang', madang, dialect, rate, madang.cookie);
  for (const [name, against] of base) {
    ratios.push({
      server: `Madang at ${rate}/s`,
      load: `÷ ${name} at 100/s`,
      other: (cpuPerDelivery / against).toFixed(3),
    });
  }
}
await measure('Madang', madang, dialect, 200, madang.cookie, 5000);
rows.push({
  server: 'Madang',
  load: 'acked posts/s, 50 sockets pipelining',
  other: (await ackedPosts(madang, { sockets: 50, window: 20, seconds })).toFixed(0),
});
rows.push({
  server: 'Madang',
  load: '2,000 viewers back at once, 200 behind',
  other: `${(await reconnectStorm(madang, 2000, 200)).toFixed(2)} s until all are live`,
});
await madang.stop();
for (const [name, kilobytes] of memory) {
  rows.push({ server: name, load: 'memory of an idle viewer', other: `${kilobytes.toFixed(1)} KB` });
}
console.table(rows);
console.table(ratios);
