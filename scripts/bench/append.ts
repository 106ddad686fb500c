import { clientFrame, openRaw } from './wire.js';
import type { Madang } from './madang.js';

const ACK = Buffer.from('"event":"ack"');

/** Acknowledged posts a second: sockets that always keep `window` posts on their way. */
export async function ackedPosts(
  server: Madang,
  { sockets, window, seconds }: { sockets: number; window: number; seconds: number },
): Promise<number> {
  let acked = 0;
  let running = true;
  const run = Math.random().toString(36).slice(2);
  const writers = await Promise.all(
    Array.from({ length: sockets }, async (_, index) => {
      let sent = 0;
      const say = (count: number) => {
        const frames = Array.from({ length: count }, () =>
          clientFrame(
            JSON.stringify({
              event: 'say',
              data: {
                text: 'the quick brown fox jumps over the lazy dog and runs on and on and on',
                nonce: `${run}-${index}-${sent++}`,
              },
            }),
          ),
        );
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
      return { socket, begin: () => say(window) };
    }),
  );
  writers.forEach(({ begin }) => begin());
  const started = performance.now();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const rate = acked / ((performance.now() - started) / 1000);
  running = false;
  writers.forEach(({ socket }) => socket.destroy());
  return rate;
}
