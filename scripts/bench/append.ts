import { setTimeout as pause } from 'node:timers/promises';

import { underLoad, type Bench } from './bench.js';
import { startMadang, type Madang } from './madang.js';
import { clientFrame, openRaw } from './wire.js';

const ACK = Buffer.from('"event":"ack"');
const TEXT = 'the quick brown fox jumps over the lazy dog and runs on and on and on';
const SOCKETS = 50;
const WINDOW = 20;

/** Acknowledged posts a second: fifty sockets in one room that always keep twenty posts on their way. */
export async function appendSection(bench: Bench): Promise<void> {
  const server = await startMadang({ inspect: bench.withProfile });
  // The first seconds of a process are those of its compiler.
  await ackedPosts(server, 3);
  const cpu = server.cpu();
  const rate = await underLoad(bench, server, 'acked posts', () => ackedPosts(server, bench.seconds));
  const batches = await server.metric('madang_batch_entries_count');
  const entries = await server.metric('madang_batch_entries_sum');
  bench.report.reading('Madang', `${SOCKETS} sockets, ${WINDOW} posts on their way each`, {
    'CPU cores': ((server.cpu() - cpu) / bench.seconds).toFixed(2),
    other: `${(entries / batches).toFixed(0)} posts a commit`,
  });
  bench.report.figure('acked posts a second', rate, { must: 10_000, aim: 20_000, atLeast: true });
  await server.stop();
}

/** What one node acknowledges a second under that load. */
export async function ackedPosts(server: Madang, seconds: number): Promise<number> {
  let acked = 0;
  let running = true;
  const run = Math.random().toString(36).slice(2);
  const writers = await Promise.all(
    Array.from({ length: SOCKETS }, async (_, index) => {
      let sent = 0;
      const say = (count: number) => {
        const frames = Array.from({ length: count }, () => {
          const data = { text: TEXT, nonce: `${run}-${index}-${sent++}` };
          return clientFrame(JSON.stringify({ event: 'say', data }));
        });
        socket.write(Buffer.concat(frames));
      };
      const socket = await openRaw(server.port, '/ws?room=lobby', server.cookie, (_opcode, payload) => {
        let own = 0;
        for (let at = payload.indexOf(ACK); at !== -1; at = payload.indexOf(ACK, at + 1)) {
          own++;
        }
        acked += own;
        if (own > 0 && running) {
          say(own);
        }
      });
      return { socket, begin: () => say(WINDOW) };
    }),
  );
  writers.forEach(({ begin }) => begin());
  const started = performance.now();
  await pause(seconds * 1000);
  const rate = acked / ((performance.now() - started) / 1000);
  running = false;
  writers.forEach(({ socket }) => socket.destroy());
  return rate;
}
