import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { clientFrame, openRaw } from './wire.js';

/** Posts at a steady rate, by one administrator in one room. */
export interface Posting {
  readonly port: number;
  readonly cookie: string;
  readonly path: string;
  readonly rate: number;
  readonly seconds: number;
}

export interface AckFigure {
  /** From the time a post was due until its acknowledgement, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Posts that were never acknowledged. */
  readonly missing: number;
}

const SETTLE_MS = 5000;

/** Measured by a process of its own: what a load generator is busy with must not look like a slow acknowledgement. */
export async function acks(posting: Posting): Promise<AckFigure> {
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(posting)]);
  const [figure] = (await once(child, 'message')) as [AckFigure];
  await once(child, 'exit');
  return figure;
}

async function measure({ port, cookie, path, rate, seconds }: Posting): Promise<AckFigure> {
  const due = new Map<string, number>();
  const times: number[] = [];
  const socket = await openRaw(port, path, cookie, (opcode, payload) => {
    const nonce =
      opcode === 1 ? /^{"event":"ack","data":{"nonce":"([^"]+)"/.exec(payload.toString())?.[1] : '';
    const at = nonce && due.get(nonce);
    if (at) {
      times.push(performance.now() - at);
    }
  });
  const total = rate * seconds;
  const started = performance.now();
  for (let post = 0; post < total; post++) {
    const at = started + (post / rate) * 1000;
    await pause(Math.max(0, at - performance.now()));
    const nonce = randomUUID();
    due.set(nonce, at);
    socket.write(clientFrame(JSON.stringify({ event: 'say', data: { text: `post ${post}`, nonce } })));
  }
  const deadline = performance.now() + SETTLE_MS;
  while (times.length < total && performance.now() < deadline) {
    await pause(20);
  }
  socket.destroy();
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Infinity;
  return { p50: at(0.5), p99: at(0.99), missing: total - times.length };
}

if (process.send && process.argv[1] === fileURLToPath(import.meta.url)) {
  const posting: Posting = JSON.parse(process.argv[2]!);
  process.send(await measure(posting));
}
