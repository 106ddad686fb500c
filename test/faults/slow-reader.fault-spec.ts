import { connect, type Socket } from 'node:net';

import { describe, expect, it } from 'vitest';

import { eventually } from '../support/eventually.js';
import { flow, Load, LONG, memoryOf, quantile, Scenario } from './support/scenario.js';
import type { Recorder } from './support/recorder.js';

const PACE = 150;
const TEXT = '가'.repeat(150);

describe('F15: readers that are slow or have stopped', { timeout: 240_000 }, () => {
  it('cost the others nothing, are closed 4108, and come back to all of it', async () => {
    const scenario = await Scenario.start({ env: { MAX_SOCKETS_PER_ADDRESS: '100000' } });
    const writer = await scenario.writer('writer');
    const crowd = await scenario.viewers(LONG ? 300 : 100);
    const [slow, stopped] = [await scenario.proxy(), await scenario.viewers(5)];
    const crawling = await scenario.viewers(LONG ? 10 : 5, slow);
    // Sockets that never read anything at all: no client behind them that could be kind.
    const deaf = await Promise.all(Array.from({ length: 5 }, () => deafSocket(scenario)));

    const load = new Load([writer], PACE, { text: TEXT });
    const calm = await latencyDuring(writer, crowd, 8_000);
    const memoryBefore = memoryOf(scenario.server);
    slow.line.bytesPerSecond = 1000;
    stopped.forEach(({ ws }) => ws!.pause());
    const stoppedAt = performance.now();
    const closed4108 = async () =>
      Number(
        /^madang_closes_total\{code="4108"\} (\d+)/m.exec(
          (await scenario.server.client().get('/metrics')).text,
        )?.[1] ?? 0,
      );

    let memoryMost = 0;
    const watch = setInterval(() => {
      memoryMost = Math.max(memoryMost, memoryOf(scenario.server));
    }, 500);
    const during = await latencyDuring(writer, crowd, 15_000);
    const bad = stopped.length + deaf.length;
    await eventually('all that have stopped to be closed', async () => (await closed4108()) >= bad, {
      withinMs: 60_000,
    });
    const closedMs = performance.now() - stoppedAt;
    // Who reads again finds the reason.
    stopped.forEach(({ ws }) => ws!.resume());
    await Promise.all(stopped.map((reader) => reader.until('its close', () => reader.closes.length > 0)));
    load.stop();
    clearInterval(watch);
    slow.heal();
    slow.cutAll();
    await scenario.settle();

    console.log(
      [
        `p99 of the others: ${calm.toFixed(1)} ms before, ${during.toFixed(1)} ms with ${stopped.length + deaf.length + crawling.length} bad readers`,
        `memory: ${memoryBefore.toFixed(0)} MiB before, at most ${memoryMost.toFixed(0)} MiB`,
        `${bad} closed 4108 after ${Math.round(closedMs)} ms`,
        `the stopped ones saw ${stopped.map(({ closes }) => closes[0]).join()}, the crawling ${crawling.map(({ closes }) => closes[0]).join()}`,
      ].join('\n'),
    );
    expect(stopped.map(({ closes }) => closes[0])).toEqual(stopped.map(() => 4108));
    expect(memoryMost - memoryBefore).toBeLessThan(64);
    for (const viewer of crowd) {
      expect(viewer.closes).toEqual([]);
    }
    deaf.forEach((socket) => socket.destroy());
  });
});

/** The time from saying to applying, over all viewers, of what was said in so many milliseconds. */
async function latencyDuring(writer: Recorder, viewers: Recorder[], ms: number): Promise<number> {
  const from = writer.sends.length;
  await flow(ms);
  const until = writer.sends.length;
  await writer.allAcked();
  const seqOf = new Map(writer.acks.map(({ nonce, seq }) => [nonce, seq]));
  const said = writer.sends.slice(from, until).map(({ nonce, at }) => ({ seq: seqOf.get(nonce)!, at }));
  const last = said.at(-1)!.seq;
  await Promise.all(viewers.map((viewer) => viewer.has(last)));
  return quantile(
    viewers.flatMap(({ appliedAt }) => said.map(({ seq, at }) => appliedAt.get(seq)! - at)),
    0.99,
  );
}

/** A connection that is opened, and never read from again. */
async function deafSocket(scenario: Scenario): Promise<Socket> {
  const socket = connect(scenario.server.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(
    'GET /ws?room=lobby HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  await new Promise<void>((resolve) => {
    socket.once('readable', () => {
      socket.removeAllListeners('readable');
      socket.pause();
      resolve();
    });
  });
  return socket;
}
