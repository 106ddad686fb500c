import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import { clientFrame, openRaw } from './wire.js';

/** How a server is spoken to: the same for all who take `{event:"say"}`, and Socket.IO's own way. */
export interface Dialect {
  path: string;
  /** Sent once after the handshake. */
  hello?: string;
  say(text: string, nonce: string, sent: number): string;
  /** What every delivered message holds exactly once. */
  mark: Buffer;
}

export const JSON_DIALECT = (path: string): Dialect => ({
  path,
  say: (text, nonce, sent) => JSON.stringify({ event: 'say', data: { text: `${sent} ${text}`, nonce } }),
  mark: Buffer.from('"message.posted"'),
});

export const SOCKET_IO: Dialect = {
  path: '/socket.io/?EIO=4&transport=websocket',
  hello: '40',
  say: (text, nonce, sent) => `42${JSON.stringify(['say', { text: `${sent} ${text}`, nonce }])}`,
  mark: Buffer.from('"message.posted"'),
};

/** Every so many viewers one is read in full, for the times; the others are only counted. */
const SAMPLE = 50;
const SENT = /"text":"(\d+(?:\.\d+)?) /g;

/** Frames that were counted lately, and whose bytes the next viewers get too. */
const KNOWN = 16;

/**
 * Counts what is in frames. The viewers of a room are sent the same bytes: they are compared with what was counted last,
 * which is much cheaper than looking for every message again. A frame of other bytes is counted for itself.
 */
class Counter {
  private readonly known: { bytes: Buffer; count: number }[] = [];
  private oldest = 0;

  constructor(private readonly mark: Buffer) {}

  count(payload: Buffer): number {
    const known = this.known.find(({ bytes }) => bytes.equals(payload));
    if (known) {
      return known.count;
    }
    let count = 0;
    for (let at = payload.indexOf(this.mark); at !== -1; at = payload.indexOf(this.mark, at + 1)) {
      count++;
    }
    this.known[this.oldest++ % KNOWN] = { bytes: Buffer.from(payload), count };
    return count;
  }
}

/** Viewers of one room who count what they are sent, and a few who also read the clock. */
export class Crowd {
  readonly latency: RecordableHistogram = createHistogram();
  private readonly counts: number[] = [];
  private readonly sockets: Socket[] = [];
  private readonly counter: Counter;

  constructor(
    private readonly port: number,
    private readonly dialect: Dialect,
    private readonly cookie = '',
  ) {
    this.counter = new Counter(dialect.mark);
  }

  async join(viewers: number): Promise<void> {
    const first = this.sockets.length;
    for (let from = first; from < first + viewers; from += 50) {
      const group = Array.from({ length: Math.min(50, first + viewers - from) }, (_, index) => from + index);
      await Promise.all(group.map((index) => this.open(index)));
    }
  }

  /** Deliveries so far, over all viewers. */
  get delivered(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  /** The viewer who has been sent least. */
  get least(): number {
    return Math.min(...this.counts);
  }

  /** Resolves when everybody has been sent so many messages. */
  async has(messages: number): Promise<void> {
    while (this.least < messages) {
      await pause(20);
    }
  }

  leave(): void {
    for (const socket of this.sockets) {
      socket.destroy();
    }
  }

  private async open(index: number): Promise<void> {
    const isRead = index % SAMPLE === 0;
    this.counts[index] = 0;
    const socket = await openRaw(this.port, this.dialect.path, this.cookie, (opcode, payload) => {
      if (opcode !== 1) {
        return;
      }
      this.counts[index]! += this.counter.count(payload);
      if (isRead) {
        const now = performance.timeOrigin + performance.now();
        for (const [, sent] of payload.toString().matchAll(SENT)) {
          this.latency.record(Math.max(1, Math.round((now - Number(sent)) * 1000)));
        }
      }
    });
    if (this.dialect.hello !== undefined) {
      socket.write(clientFrame(this.dialect.hello));
    }
    socket.on('error', () => undefined);
    this.sockets[index] = socket;
  }
}

/** Posts at a steady rate on a schedule: a stall of the server does not stop the clock of what should have been sent. */
export async function post(
  writers: readonly Socket[],
  dialect: Dialect,
  { rate, seconds }: { rate: number; seconds: number },
): Promise<number> {
  const total = Math.round(rate * seconds);
  const filler = 'the quick brown fox jumps over the lazy dog and runs on '.slice(0, 60);
  const run = Math.random().toString(36).slice(2);
  const started = performance.now();
  for (let sent = 0; sent < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - started) / 1000) * rate) + 1);
    for (; sent < due; sent++) {
      const scheduled = performance.timeOrigin + started + (sent / rate) * 1000;
      const text = dialect.say(filler, `${run}-${sent}`, Number(scheduled.toFixed(3)));
      writers[sent % writers.length]!.write(clientFrame(text));
    }
    await pause(1);
  }
  return total;
}
