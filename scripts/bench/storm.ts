import { openRaw } from './wire.js';
import type { Madang } from './madang.js';

const LIVE = Buffer.from('"event":"live"');

/** Viewers who all come back at once, each so many entries behind: seconds until the last is live. */
export async function reconnectStorm(server: Madang, viewers: number, behind: number): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${server.port}/api/rooms/lobby/messages?limit=1`);
  const page = (await answer.json()) as { entries: { data: { seq: number } }[] };
  const head = page.entries.at(-1)!.data.seq;
  const epoch = await epochOf(server);
  const path = `/ws?room=lobby&after=${head - behind}&epoch=${epoch}`;
  const started = performance.now();
  const sockets = await Promise.all(
    Array.from({ length: viewers }, async () => {
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

async function epochOf(server: Madang): Promise<string> {
  return new Promise((resolve, reject) => {
    openRaw(server.port, '/ws?room=lobby', '', (_opcode, payload) => {
      const epoch = /"epoch":"([^"]+)"/.exec(payload.toString())?.[1];
      if (epoch) {
        resolve(epoch);
      }
    }).catch(reject);
  });
}
