import { underLoad, type Bench } from './bench.js';
import { Crowd, JSON_DIALECT, post } from './crowd.js';
import { startMadang, type Madang } from './madang.js';
import { openRaw } from './wire.js';

const LIVE = Buffer.from('"event":"live"');
const VIEWERS = 2000;
const BEHIND = 200;
const LOBBY = '/ws?room=lobby';

/** A whole room comes back at once, everybody two hundred entries behind. */
export async function stormSection(bench: Bench): Promise<void> {
  const server = await startMadang({ inspect: bench.withProfile });
  await fill(server, BEHIND * 2);
  const reads = await server.metric('madang_log_reads_total');
  const seconds = await underLoad(bench, server, 'reconnect storm', () => reconnectStorm(server));
  const queries = (await server.metric('madang_log_reads_total')) - reads;
  bench.report.figure(
    '2,000 viewers back at once, 200 behind: all live after',
    seconds,
    { must: 5, aim: 2 },
    ' s',
  );
  bench.report.figure('history queries of that', queries, { must: 10, aim: 0 });
  await server.stop();
}

async function fill(server: Madang, entries: number): Promise<void> {
  const dialect = JSON_DIALECT(LOBBY);
  const crowd = new Crowd(server.port, dialect);
  await crowd.join(1);
  const writer = await openRaw(server.port, LOBBY, server.cookie, () => undefined);
  await post([writer], dialect, { rate: entries, seconds: 1 });
  await crowd.has(entries);
  crowd.leave();
  writer.destroy();
}

/** Seconds until the last is live. */
async function reconnectStorm(server: Madang): Promise<number> {
  const { head, epoch } = await welcome(server);
  const path = `${LOBBY}&after=${head - BEHIND}&epoch=${epoch}`;
  const started = performance.now();
  const sockets = await Promise.all(
    Array.from({ length: VIEWERS }, async () => {
      let live: () => void;
      const isLive = new Promise<void>((resolve) => {
        live = resolve;
      });
      const socket = await openRaw(server.port, path, '', (_opcode, payload) => {
        if (payload.includes(LIVE)) {
          live();
        }
      });
      await isLive;
      return socket;
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  sockets.forEach((socket) => socket.destroy());
  return seconds;
}

async function welcome(server: Madang): Promise<{ head: number; epoch: string }> {
  return new Promise((resolve, reject) => {
    const opening = openRaw(server.port, LOBBY, '', (_opcode, payload) => {
      const frame: { event: string; data: { head: number; epoch: string } } = JSON.parse(payload.toString());
      if (frame.event === 'welcome') {
        resolve(frame.data);
        void opening.then((socket) => socket.destroy());
      }
    });
    opening.catch(reject);
  });
}
