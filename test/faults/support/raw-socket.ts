import { connect, type Socket } from 'node:net';

import { uniqueAddress } from '../../support/factories.js';
import { handshake, readServer } from './wire.js';

/** A socket without a client behind it, that sends whatever bytes it is given and keeps all that comes back. */
export class RawSocket {
  readonly openedAt = performance.now();
  private received = Buffer.alloc(0);
  private ended = false;
  private look: () => void = () => undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay();
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk]);
      this.look();
    });
    socket.on('close', () => {
      this.ended = true;
      this.look();
    });
  }

  static to(port: number): RawSocket {
    return new RawSocket(connect({ port, host: '127.0.0.1' }));
  }

  /** In a room, and live. */
  static async live(port: number, path: string, cookie?: string): Promise<RawSocket> {
    const raw = RawSocket.to(port);
    raw.write(handshake(path, { 'X-Forwarded-For': uniqueAddress(), ...(cookie && { Cookie: cookie }) }));
    await raw.until(({ events }) => events.includes('live'));
    return raw;
  }

  /** What has come: the status of the answer, the events and answers of the frames, the code of a close. */
  get heard(): {
    status: number;
    events: string[];
    answers: string[];
    closeCode: number | null;
    ended: boolean;
  } {
    const { status, texts, closeCode } = readServer(this.received);
    const frames = texts.map(
      (text) => JSON.parse(text) as { event: string; data: { code?: string; dup?: true } },
    );
    const answers = frames
      .filter(({ event }) => ['ack', 'error', 'held', 'history'].includes(event))
      .map(({ event, data }) => data.code ?? (data.dup ? 'dup' : event));
    return { status, events: frames.map(({ event }) => event), answers, closeCode, ended: this.ended };
  }

  write(bytes: string | Buffer): void {
    this.socket.write(bytes);
  }

  /** One byte a second, until there is none left or the other side has enough. */
  trickle(bytes: Buffer | string): void {
    const left = Array.from(Buffer.from(bytes));
    const timer = setInterval(() => {
      if (left.length === 0 || this.ended) {
        clearInterval(timer);
      } else {
        this.socket.write(Buffer.of(left.shift()!));
      }
    }, 1000);
  }

  /** Resolves when it holds, or the connection is gone; rejects with what there was. */
  async until(holds: (heard: RawSocket['heard']) => boolean, ms = 60_000): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`waited ${ms} ms: ${JSON.stringify(this.heard)}`)), ms);
      this.look = () => {
        if (this.ended || holds(this.heard)) {
          clearTimeout(timer);
          resolve();
        }
      };
      this.look();
    });
  }

  end(): void {
    this.socket.destroy();
  }
}
