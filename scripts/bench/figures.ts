import { setTimeout as pause } from 'node:timers/promises';

import { Crowd, post, type Dialect } from './crowd.js';
import type { MeasuredServer } from './server-process.js';
import { clientFrame, openRaw } from './wire.js';

export interface FanoutFigure {
  /** Server CPU for each entry delivered to each viewer, in microseconds. */
  cpuPerDelivery: number;
  /** From the time a post was due to the time a viewer had it, in milliseconds. */
  p50: number;
  p99: number;
  /** Deliveries that never came. */
  missing: number;
  /** How many posts a second were really delivered. */
  rate: number;
}

const SETTLE_MS = 15_000;

/** How much is sent to how many, and who wants to know when it begins and has arrived: nobody comes or goes in between. */
export interface FanoutLoad {
  viewers: number;
  rate: number;
  seconds: number;
  onBegin?: () => Promise<unknown>;
  onEnd?: () => Promise<unknown>;
}

/** One room, so many viewers, posts at a steady rate. */
export async function fanout(
  server: MeasuredServer,
  dialect: Dialect,
  cookie: string,
  load: FanoutLoad,
): Promise<FanoutFigure> {
  const crowd = new Crowd(server.port, dialect, cookie);
  await crowd.join(load.viewers);
  const writer = await openRaw(server.port, dialect.path, cookie, () => undefined);
  if (dialect.hello !== undefined) {
    writer.write(clientFrame(dialect.hello));
  }
  // Presence, notices and replays of joining are over before the clock starts; what was replayed is as old as it is.
  await pause(3000);
  await load.onBegin?.();
  crowd.latency.reset();
  const before = crowd.delivered;
  const cpu = server.cpu();
  const started = performance.now();
  const total = await post([writer], dialect, load);
  const expected = before + total * load.viewers;
  const deadline = performance.now() + SETTLE_MS;
  while (crowd.delivered < expected && performance.now() < deadline) {
    await pause(20);
  }
  const seconds = (performance.now() - started) / 1000;
  const delivered = crowd.delivered - before;
  const figure = {
    cpuPerDelivery: ((server.cpu() - cpu) * 1e6) / delivered,
    p50: crowd.latency.percentile(50) / 1000,
    p99: crowd.latency.percentile(99) / 1000,
    missing: expected - crowd.delivered,
    rate: delivered / load.viewers / seconds,
  };
  await load.onEnd?.();
  crowd.leave();
  writer.destroy();
  await pause(1000);
  return figure;
}

/** Memory of a viewer who only waits, in kilobytes. */
export async function idleMemory(server: MeasuredServer, dialect: Dialect, viewers: number): Promise<number> {
  await pause(2000);
  const before = server.memory();
  const crowd = new Crowd(server.port, dialect);
  await crowd.join(viewers);
  await pause(5000);
  const figure = (server.memory() - before) / viewers / 1024;
  crowd.leave();
  await pause(1000);
  return figure;
}
