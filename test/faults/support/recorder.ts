import { WebSocket } from 'ws';

import { closeReaction } from '../../../public/js/reconnect.js';
import type { AckData, EntryFrame, ErrorData, ServerFrame } from '../../../src/protocol/frames.js';
import type { ClientLog, Segment } from './invariants.js';

export interface RecorderOptions {
  name: string;
  /** Where the server, or a proxy before it, listens; asked anew for each connection. */
  url: () => string;
  path?: string;
  userId?: string;
  cookie?: string;
  /** Frames may be taken out on the way. */
  lossy?: boolean;
  /** How long no word at all means a dead line. */
  silenceMs?: number;
  /** Pretends to be elsewhere, so that a crowd is not one address. */
  address?: string;
}

const ENTRY = /^(?:message|room|user)\./;
/** A test is in more of a hurry than a page, which waits up to 30 s. */
const AGAIN_MS = 500;
const SILENCE_MS = 35_000;

/** The events of all recorders of this process, in the order they happened. */
let tick = 0;

/**
 * A client that obeys the client rule of the protocol, by a writing of its own, and keeps what it did and saw for the
 * invariants. What it says it repeats, with the same nonce, until it is acknowledged.
 */
export class Recorder {
  readonly sockets: { pushed: number[]; others: ServerFrame[] }[] = [];
  readonly segments: (Segment & { applied: EntryFrame[] })[] = [];
  readonly sends: { nonce: string; tick: number; at: number }[] = [];
  readonly acks: { nonce: string; seq: number; dup: boolean; tick: number; at: number }[] = [];
  readonly refused = new Set<string>();
  readonly errors: ErrorData[] = [];
  /** One for each connection that ended. */
  readonly closes: number[] = [];
  readonly handshakes: number[] = [];
  /** When each seq was applied, by `performance.now()`. */
  readonly appliedAt = new Map<number, number>();
  ws: WebSocket | null = null;
  /** The replay of the present connection is over. */
  live = false;
  private head = 0;
  /** The log of a snapshot whose first entry has not come yet. */
  private starting: string | null = null;
  private asked = false;
  private heardAt = 0;
  private ended = false;
  private readonly ahead = new Map<number, EntryFrame>();
  private readonly outbox = new Map<string, string>();
  private readonly waiting = new Set<() => void>();
  private watch: NodeJS.Timeout | undefined;

  constructor(readonly options: RecorderOptions) {}

  get next(): number | null {
    const segment = this.segments.at(-1);
    return segment ? segment.start + segment.applied.length : null;
  }

  /** It was sent away for good, and does not come back. */
  get isSentAway(): boolean {
    return this.closes.length > 0 && closeReaction(this.closes.at(-1)!) === 'stop';
  }

  get unacked(): number {
    return this.outbox.size;
  }

  get log(): ClientLog {
    const { name, userId = null, lossy = false } = this.options;
    const { sockets, segments, sends, acks, refused } = this;
    return { name, userId, lossy, sockets, segments, sends, acks, refused };
  }

  /** Connects, and comes back whenever the connection ends, until `stop`. */
  connect(): this {
    if (this.ended) {
      return this;
    }
    const { url, path = '/ws?room=lobby', cookie, address } = this.options;
    const segment = this.segments.at(-1);
    const cursor = segment && this.next !== null ? `&after=${this.next - 1}&epoch=${segment.epoch}` : '';
    const ws = new WebSocket(url().replace('http', 'ws') + path + cursor, {
      headers: { ...(cookie && { cookie }), ...(address && { 'x-forwarded-for': address }) },
      handshakeTimeout: this.options.silenceMs ?? SILENCE_MS,
    });
    this.ws = ws;
    ws.on('open', () => this.opened());
    ws.on('message', (data: Buffer) => ws === this.ws && this.receive(JSON.parse(data.toString())));
    ws.on('unexpected-response', (_request, response) => {
      this.handshakes.push(response.statusCode ?? 0);
      response.resume();
      ws.terminate();
    });
    ws.on('error', () => undefined);
    ws.on('close', (code) => this.closed(ws, code));
    return this;
  }

  /** Ends the connection as a lost line would, and comes back. */
  cut(): void {
    this.ws?.terminate();
  }

  /** Leaves for good. */
  stop(): void {
    this.ended = true;
    clearTimeout(this.watch);
    this.ws?.terminate();
  }

  /** Says something; it is sent at once when live, else after the replay, and repeated until it is acknowledged. */
  say(text: string, nonce: string): void {
    this.outbox.set(nonce, text);
    this.sends.push({ nonce, tick: ++tick, at: performance.now() });
    if (this.live) {
      this.send('say', { text, nonce });
    }
  }

  send(event: string, data: object): void {
    if (this.ws?.readyState === WebSocket.OPEN) {
      this.ws.send(JSON.stringify({ event, data }));
    }
  }

  /** Resolves when the condition holds after an event; rejects after `ms` with what there was. */
  async until(what: string, holds: () => boolean, ms = 20_000): Promise<void> {
    if (holds()) {
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const check = () => {
        if (holds()) {
          clearTimeout(timer);
          this.waiting.delete(check);
          resolve();
        }
      };
      const timer = setTimeout(() => {
        this.waiting.delete(check);
        reject(
          new Error(
            `${this.options.name} waited ${ms} ms for ${what}: next ${this.next}, live ${this.live}, ` +
              `${this.unacked} unacked, closed with ${this.closes.slice(-5).join()}, refused ` +
              `${this.handshakes.slice(-5).join()}, errors ${JSON.stringify(this.errors.slice(-3))}`,
          ),
        );
      }, ms);
      this.waiting.add(check);
    });
  }

  /** Has applied everything up to and including `seq`. */
  has(seq: number, ms?: number): Promise<void> {
    return this.until(`the entry ${seq}`, () => (this.next ?? 0) > seq, ms);
  }

  isLive(ms?: number): Promise<void> {
    return this.until('live', () => this.live, ms);
  }

  /** Everything it said has been acknowledged. */
  allAcked(ms?: number): Promise<void> {
    return this.until('all acks', () => this.outbox.size === 0, ms);
  }

  private opened(): void {
    this.handshakes.push(101);
    this.sockets.push({ pushed: [], others: [] });
    this.asked = false;
    this.ahead.clear();
    this.heardAt = performance.now();
    this.listen();
    this.wake();
  }

  private listen(): void {
    const silenceMs = this.options.silenceMs ?? SILENCE_MS;
    clearTimeout(this.watch);
    this.watch = setTimeout(
      () => {
        if (performance.now() - this.heardAt >= silenceMs) {
          this.cut();
        } else {
          this.listen();
        }
      },
      this.heardAt + silenceMs - performance.now(),
    );
  }

  private closed(ws: WebSocket, code: number): void {
    if (ws !== this.ws) {
      return;
    }
    clearTimeout(this.watch);
    this.closes.push(code);
    this.live = false;
    if (!this.ended && closeReaction(code) !== 'stop') {
      setTimeout(() => this.connect(), AGAIN_MS * Math.random());
    }
    this.wake();
  }

  private receive(frame: ServerFrame): void {
    this.heardAt = performance.now();
    const socket = this.sockets.at(-1)!;
    if (frame.event === 'batch') {
      for (const event of frame.data.events) {
        this.take(event, socket);
      }
    } else {
      this.take(frame, socket);
    }
    this.wake();
  }

  private take(frame: ServerFrame, socket: { pushed: number[]; others: ServerFrame[] }): void {
    if (isEntry(frame)) {
      socket.pushed.push(frame.data.seq);
      this.apply(frame);
      return;
    }
    switch (frame.event) {
      case 'welcome':
        this.welcomed(frame.data);
        break;
      case 'live':
        this.live = true;
        this.begin(this.head + 1);
        this.hear(frame.data.seq);
        for (const [nonce, text] of this.outbox) {
          this.send('say', { text, nonce });
        }
        break;
      case 'history':
        this.asked = false;
        frame.data.entries.forEach((entry) => this.apply(entry));
        if (frame.data.more || this.ahead.size > 0) {
          this.ask();
        }
        break;
      case 'ping':
        this.asked = false;
        this.hear(frame.data.head);
        break;
      case 'ack':
        this.acked(frame.data);
        break;
      case 'error':
        this.errors.push(frame.data);
        if (frame.data.nonce !== undefined) {
          this.refused.add(frame.data.nonce);
          this.sayLater(frame.data.nonce, frame.data);
        }
        break;
      default:
    }
    socket.others.push(frame);
  }

  /** What could not be stored for now is said again when the server said, as the contract asks of every client. */
  private sayLater(nonce: string, { code, retryAfterMs }: ErrorData): void {
    if (code === 'storage.busy') {
      setTimeout(() => {
        const text = this.outbox.get(nonce);
        if (text !== undefined && this.live) {
          this.send('say', { text, nonce });
        }
      }, retryAfterMs);
    }
  }

  private acked({ nonce, seq, dup }: AckData): void {
    this.outbox.delete(nonce);
    this.acks.push({ nonce, seq, dup: dup === true, tick: ++tick, at: performance.now() });
  }

  private welcomed({ mode, epoch, head }: { mode: string; epoch: string; head: number }): void {
    this.head = head;
    if (mode === 'resume') {
      if (epoch !== this.segments.at(-1)?.epoch) {
        throw new Error(`${this.options.name} was resumed into another log`);
      }
    } else {
      // Where it starts is known with the first entry, or when it is live.
      this.starting = epoch;
    }
  }

  private begin(start: number): void {
    if (this.starting !== null) {
      this.segments.push({ epoch: this.starting, start, applied: [] });
      this.starting = null;
    }
  }

  private apply(entry: EntryFrame): void {
    const { seq } = entry.data;
    this.begin(seq);
    if (seq > this.next!) {
      this.ahead.set(seq, entry);
      this.ask();
      return;
    }
    let due: EntryFrame | undefined = seq === this.next ? entry : undefined;
    while (due) {
      this.segments.at(-1)!.applied.push(due);
      this.appliedAt.set(due.data.seq, performance.now());
      this.ahead.delete(due.data.seq);
      due = this.ahead.get(this.next!);
    }
  }

  /** Something told of a newest entry. */
  private hear(seq: number): void {
    if (this.next !== null && seq >= this.next) {
      this.ask();
    }
  }

  private ask(): void {
    if (!this.asked) {
      this.asked = true;
      this.send('history', { after: this.next! - 1, limit: 100 });
    }
  }

  private wake(): void {
    for (const check of Array.from(this.waiting)) {
      check();
    }
  }
}

function isEntry(frame: ServerFrame): frame is EntryFrame {
  return ENTRY.test(frame.event);
}
