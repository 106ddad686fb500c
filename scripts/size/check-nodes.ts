import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import { Client } from 'pg';

import { RedisServer } from '../../test/support/redis.js';
import { JSON_DIALECT, post } from '../bench/crowd.js';
import { startMadang, type Madang } from '../bench/madang.js';
import { cpuSeconds } from '../bench/server-process.js';
import { openRaw } from '../bench/wire.js';
import { COSTS } from './costs.js';

const POSTGRES = process.env['TEST_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const LOBBY = JSON_DIALECT('/ws?room=lobby');
const SECONDS = 5;
const RATE = 500;

/** Takes a prediction and what was measured. */
export type Compare = (what: string, unit: string, predicted: number, measured: number) => void;

/** What one node has to do for what another one stores, without viewers worth the name. */
export async function compareNodes(compare: Compare): Promise<void> {
  const admin = new Client({ connectionString: POSTGRES });
  await admin.connect();
  const name = `madang_size_${randomBytes(4).toString('hex')}`;
  await admin.query(`CREATE DATABASE ${name}`);
  const redis = await RedisServer.start();
  const url = new URL(POSTGRES);
  url.pathname = `/${name}`;
  const nodes: Madang[] = [];
  try {
    for (let node = 0; node < 2; node++) {
      nodes.push(await startMadang({ env: { DATABASE_URL: url.href, REDIS_URL: redis.url } }));
    }
    const [here, there] = [nodes[0]!, nodes[1]!];
    const viewer = await openRaw(there.port, LOBBY.path, '', () => undefined);
    const writer = await openRaw(here.port, LOBBY.path, here.cookie, () => undefined);
    const cpu = async (during: () => Promise<unknown>) => {
      const before = [there.cpu(), cpuSeconds(redis.pid)];
      await during();
      return { node: there.cpu() - before[0]!, redis: cpuSeconds(redis.pid) - before[1]! };
    };
    const load = () => post([writer], LOBBY, { rate: RATE, seconds: SECONDS });
    // The first seconds of a process are those of its compiler.
    await load();
    const quiet = await cpu(() => pause(SECONDS * 1000));
    const busy = await cpu(load);
    const each = 1e6 / (RATE * SECONDS);
    compare('CPU of one of two nodes, without sockets', 'cores', COSTS.beat.value, quiet.node / SECONDS);
    compare("another node's entry", 'µs', COSTS.heard.value, (busy.node - quiet.node) * each);
    // It comes from one, and goes to two.
    compare('Redis, a message to two nodes', 'µs', 2 * COSTS.redis.value, (busy.redis - quiet.redis) * each);
    viewer.destroy();
    writer.destroy();
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
    await redis.stop();
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.end();
  }
}
