import { setTimeout as pause } from 'node:timers/promises';

import { JSON_DIALECT, post } from '../bench/crowd.js';
import { fanout, idleMemory } from '../bench/figures.js';
import { startMadang, type Madang } from '../bench/madang.js';
import { openRaw } from '../bench/wire.js';
import { compareNodes, type Compare } from './check-nodes.js';
import { COSTS } from './costs.js';
import { nodeNeed, type Load } from './model.js';

const LOBBY = JSON_DIALECT('/ws?room=lobby');
const SECONDS = 4;
/** A quiet socket is pinged once in so many seconds: a part of that time has either all the pings or none. */
const PING_AFTER = 15;
/** Small enough for two cores, and of all kinds: quiet and busy, few and many. */
const LOADS: Load[] = [
  { viewers: 500, rooms: 1, posts: 20 },
  { viewers: 1000, rooms: 1, posts: 100 },
  { viewers: 2000, rooms: 1, posts: 20 },
  { viewers: 2000, rooms: 1, posts: 200 },
  { viewers: 4000, rooms: 1, posts: 50 },
];

/** Measures here what can be measured here, and prints it beside what the calculation says of it. */
export async function check(): Promise<void> {
  const rows: Record<string, { predicted: string; measured: string; ratio: string }> = {};
  const compare: Compare = (what, unit, predicted, measured) => {
    const show = (value: number) => `${value.toPrecision(3)} ${unit}`;
    rows[what] = {
      predicted: show(predicted),
      measured: show(measured),
      ratio: (measured / predicted).toFixed(2),
    };
  };

  const server = await startMadang();
  compare('memory of a node without sockets', 'MB', COSTS.node.value, server.memory() / 2 ** 20);
  // The first seconds of a process are those of its compiler.
  await fanout(server, LOBBY, server.cookie, { viewers: 200, rate: 200, seconds: 4 });
  for (const load of LOADS) {
    const { viewers, posts } = load;
    const figure = await fanout(server, LOBBY, server.cookie, { viewers, rate: posts, seconds: SECONDS });
    const cores = (figure.cpuPerDelivery * viewers * posts) / 1e6;
    compare(`CPU, ${viewers} viewers × ${posts}/s`, 'cores', nodeNeed(load, 1, COSTS).cores, cores);
  }
  compare('an entry on the wire', 'bytes', COSTS.wire.value, await wireBytes(server));
  await server.stop();

  const fresh = await startMadang();
  // What the system keeps for a socket is not the process's.
  compare('memory of a socket', 'KB', COSTS.socket.value - 6, await idleMemory(fresh, LOBBY, 2000));
  await fresh.stop();

  const quiet = await startMadang();
  compare(
    'CPU of 2,000 idle sockets',
    'cores',
    (2000 * COSTS.idle.value) / 1e6,
    await idleCores(quiet, 2000),
  );
  await quiet.stop();

  await compareNodes(compare);
  console.table(rows);
}

async function wireBytes(server: Madang): Promise<number> {
  let bytes = 0;
  let entries = 0;
  const viewer = await openRaw(server.port, LOBBY.path, '', (_opcode, payload) => {
    const found = payload.toString().split('"message.posted"').length - 1;
    if (found > 0) {
      entries += found;
      bytes += payload.length;
    }
  });
  const writer = await openRaw(server.port, LOBBY.path, server.cookie, () => undefined);
  await pause(1000);
  [bytes, entries] = [0, 0];
  await post([writer], LOBBY, { rate: 100, seconds: 2 });
  await pause(500);
  viewer.destroy();
  writer.destroy();
  return bytes / entries;
}

async function idleCores(server: Madang, sockets: number): Promise<number> {
  const before = await cpuOf(server);
  const crowd = await Promise.all(
    Array.from({ length: sockets }, () => openRaw(server.port, LOBBY.path, '', () => undefined)),
  );
  await pause(3000);
  const cpu = server.cpu();
  await pause(PING_AFTER * 1000);
  const cores = (server.cpu() - cpu) / PING_AFTER;
  crowd.forEach((socket) => socket.destroy());
  return Math.max(0, cores - before);
}

/** What a server takes that has nobody. */
async function cpuOf(server: Madang): Promise<number> {
  await pause(2000);
  const cpu = server.cpu();
  await pause(4000);
  return (server.cpu() - cpu) / 4;
}
