import { underLoad, type Bench } from './bench.js';
import { JSON_DIALECT } from './crowd.js';
import { fanout, idleMemory, type FanoutFigure, type FanoutLoad } from './figures.js';
import { startMadang, type Madang } from './madang.js';
import { otherPeers, SOCKET_IO_PEER, WS_LOOP, type Peer } from './peers.js';

const VIEWERS = 1000;
const LOBBY = JSON_DIALECT('/ws?room=lobby');
const LOOP_DELAY = 'nodejs_eventloop_lag_p99_seconds';

/** Live delivery in one room, beside the peers that its figures are ratios of. */
export async function fanoutSection(bench: Bench): Promise<void> {
  const { report } = bench;
  const loop = await measurePeer(bench, WS_LOOP, [5, 100]);
  const socketIo = await measurePeer(bench, SOCKET_IO_PEER, [100]);

  const server = await startMadang({ inspect: bench.withProfile });
  const quiet = await measure(bench, server, 5);
  report.figure(
    'p50 at 5 posts/s beyond the plain ws loop',
    quiet.p50 - loop.get(5)!.p50,
    { must: 5, aim: 1 },
    ' ms',
  );

  const steady = await measure(bench, server, 100);
  const againstLoop = steady.cpuPerDelivery / loop.get(100)!.cpuPerDelivery;
  report.figure('CPU per delivery at 100 posts/s, of the plain ws loop', againstLoop, {
    must: 0.33,
    aim: 0.25,
  });

  let delay = NaN;
  const busy = await measure(bench, server, 500, VIEWERS, {
    // Reading it starts it anew.
    onBegin: () => server.metric(LOOP_DELAY),
    onEnd: async () => {
      delay = (await server.metric(LOOP_DELAY)) * 1000;
    },
  });
  const againstSocketIo = busy.cpuPerDelivery / socketIo.get(100)!.cpuPerDelivery;
  report.figure('CPU per delivery at 500 posts/s, of Socket.IO at 100', againstSocketIo, {
    must: 0.1,
    aim: 0.06,
  });
  report.figure('missing at 500 posts/s', busy.missing, { must: 0, aim: 0 });
  report.figure('event-loop delay p99 at 500 posts/s', delay, { must: 30, aim: 15 }, ' ms');

  const full = await measure(bench, server, 2000);
  report.figure('missing at 2,000 posts/s', full.missing, { must: 0, aim: 0 });
  report.figure('p99 at 2,000 posts/s', full.p99, { must: 300, aim: 150 }, ' ms');
  await server.stop();
}

/** Five thousand viewers in one room. */
export async function crowdSection(bench: Bench): Promise<void> {
  const server = await startMadang({ inspect: bench.withProfile });
  const crowd = await measure(bench, server, 200, 5000);
  bench.report.figure('missing at 5,000 viewers × 200 posts/s', crowd.missing, { must: 0, aim: 0 });
  bench.report.figure('p99 at 5,000 viewers × 200 posts/s', crowd.p99, { must: 500, aim: 250 }, ' ms');
  await server.stop();
}

/** The peers that no figure is a ratio of, and what a waiting viewer costs each. */
export async function peersSection(bench: Bench): Promise<void> {
  const others = otherPeers();
  for (const peer of others) {
    await measurePeer(bench, peer, [100]);
  }
  for (const peer of [WS_LOOP, SOCKET_IO_PEER, ...others]) {
    const server = await peer.start();
    const kilobytes = await idleMemory(server, peer.dialect, VIEWERS);
    bench.report.reading(peer.name, 'memory of an idle viewer', { other: `${kilobytes.toFixed(1)} KB` });
    await server.stop();
  }
}

export async function memorySection({ report }: Bench): Promise<void> {
  const server = await startMadang();
  const kilobytes = await idleMemory(server, LOBBY, VIEWERS);
  report.figure('memory of an idle viewer', kilobytes, { must: 14, aim: 11 }, ' KB');
  await server.stop();
}

async function measurePeer(bench: Bench, peer: Peer, rates: number[]): Promise<Map<number, FanoutFigure>> {
  const server = await peer.start();
  const figures = new Map<number, FanoutFigure>();
  for (const rate of rates) {
    const figure = await fanout(server, peer.dialect, '', { viewers: VIEWERS, rate, seconds: bench.seconds });
    figures.set(rate, figure);
    read(bench, peer.name, VIEWERS, rate, figure);
  }
  await server.stop();
  return figures;
}

async function measure(
  bench: Bench,
  server: Madang,
  rate: number,
  viewers = VIEWERS,
  told: Pick<FanoutLoad, 'onBegin' | 'onEnd'> = {},
): Promise<FanoutFigure> {
  const load = { viewers, rate, seconds: bench.seconds, ...told };
  const figure = await underLoad(bench, server, `${viewers} viewers × ${rate}/s`, () =>
    fanout(server, LOBBY, server.cookie, load),
  );
  read(bench, 'Madang', viewers, rate, figure);
  return figure;
}

function read({ report }: Bench, name: string, viewers: number, rate: number, figure: FanoutFigure): void {
  report.reading(name, `${viewers} viewers × ${rate}/s`, {
    'CPU µs/delivery': figure.cpuPerDelivery.toFixed(2),
    'p50 ms': figure.p50.toFixed(1),
    'p99 ms': figure.p99.toFixed(1),
    missing: String(figure.missing),
    other: `${figure.rate.toFixed(0)}/s delivered`,
  });
}
