import type { Socket } from 'node:net';

import { WebSocket } from 'ws';

import { CloseCode } from '../protocol/close-codes.js';
import type { ErrorCode } from '../protocol/error-codes.js';
import type { ServerFrame } from '../protocol/frames.js';
import { errorBody } from '../common/error-answer.js';
import type { DomainError } from '../common/errors.js';
import { isStaff, type Account, type Viewer } from '../common/viewer.js';
import type { Subscriber } from './channel.js';
import type { Connection } from './connection.js';
import { textFrame } from './text-frame.js';

/** With this much waiting in a socket, it is left behind until it drains. */
const SOFT_LIMIT_BYTES = 64 * 1024;
/** A socket that drains nothing for so long is closed. */
const STALL_MS = 20_000;
const PING_AFTER_MS = 15_000;
const DEAD_AFTER_MS = 32_000;
/** The contract's application ping, which carries the head, when nothing else was sent. */
const QUIET_MS = 20_000;
/** A burst of refusals that a hasty client may cause, and how fast one is forgotten. */
const REFUSALS = 60;
const REFUSAL_FADES_MS = 250;

/** Frames of one viewer that are taken at once, and how fast the allowance comes back: far above any person. */
const FRAME_BURST = 120;
const FRAME_EVERY_MS = 40;

const sockets = new WeakMap<WebSocket, RoomSocket<never>>();

/**
 * One WebSocket in one room. Frames are written to the raw socket, ready-made: without compression or fragments `ws`
 * would send the same bytes, after building them anew for each socket.
 */
export class RoomSocket<Entry> implements Connection, Subscriber<Entry> {
  cursor = 0;
  private currentViewer: Viewer;
  private lastHeard = performance.now();
  private lastSent = performance.now();
  private pinged = false;
  private stalledSince = performance.now();
  private waitingBefore = 0;
  private fullAt = 0;
  private refusals = 0;
  private lastRefusal = 0;

  constructor(
    private readonly ws: WebSocket,
    private readonly raw: Socket,
    viewer: Viewer,
    private readonly maySee: (viewer: Viewer, entry: Entry) => boolean,
    /** The viewer's head of the log. */
    private readonly head: () => number,
    private readonly onRefused: (code: ErrorCode) => void,
  ) {
    this.currentViewer = viewer;
    sockets.set(ws, this);
    ws.on('pong', () => this.heard());
  }

  get viewer(): Viewer {
    return this.currentViewer;
  }

  get closed(): boolean {
    return this.ws.readyState !== WebSocket.OPEN;
  }

  get writable(): boolean {
    return !this.closed && this.raw.writableLength < SOFT_LIMIT_BYTES;
  }

  sees(entry: Entry): boolean {
    return this.maySee(this.currentViewer, entry);
  }

  renew(account: Account): void {
    const locale = account.locale ?? this.currentViewer.locale;
    this.currentViewer = { ...this.currentViewer, account, locale };
  }

  /** The socket that belongs to a connection; made in `handleConnection`, before any frame is read. */
  static of(ws: WebSocket): RoomSocket<never> {
    const socket = sockets.get(ws);
    if (!socket) {
      throw new Error('This connection was never admitted.');
    }
    return socket;
  }

  /**
   * Takes one from the allowance of frames; answers 0, or how many milliseconds to wait. A frame is cheap to send and its
   * answer may be a hundred entries. Staff are not counted: what they do is bounded by the queue.
   */
  paceOf(): number {
    if (isStaff(this.viewer)) {
      return 0;
    }
    const now = performance.now();
    // When the allowance would be full again: each frame moves it on, and time catches up with it.
    this.fullAt = Math.max(this.fullAt, now) + FRAME_EVERY_MS;
    const excess = this.fullAt - now - FRAME_BURST * FRAME_EVERY_MS;
    if (excess > 0) {
      this.fullAt -= FRAME_EVERY_MS;
      return excess;
    }
    return 0;
  }

  /** Answers with an error frame in the viewer's language; too many refusals in a short time end the socket. */
  refuse(error: DomainError, regarding: { nonce?: string; replyTo?: number } = {}): void {
    const now = performance.now();
    this.refusals = Math.max(0, this.refusals - (now - this.lastRefusal) / REFUSAL_FADES_MS) + 1;
    this.lastRefusal = now;
    this.onRefused(error.code);
    if (this.refusals > REFUSALS) {
      this.close(CloseCode.Flooding);
      return;
    }
    const { retryAfterMs } = error;
    this.send({
      event: 'error',
      data: {
        ...errorBody(error, this.viewer.locale),
        ...(retryAfterMs !== undefined && { retryAfterMs: Math.ceil(retryAfterMs) }),
        ...regarding,
      },
    });
  }

  /** Frames sent in one turn of the loop, such as the acknowledgements of a batch, leave in one write. */
  send(frame: ServerFrame): void {
    if (!this.raw.writableCorked) {
      this.raw.cork();
      queueMicrotask(() => this.raw.uncork());
    }
    this.write(textFrame(JSON.stringify(frame)));
  }

  write(frame: Buffer): void {
    if (!this.closed) {
      this.lastSent = performance.now();
      this.raw.write(frame);
    }
  }

  async drained(): Promise<void> {
    if (this.closed || !this.raw.writableNeedDrain) {
      return;
    }
    await new Promise<void>((resolve) => {
      const done = () => {
        this.raw.off('drain', done).off('close', done);
        resolve();
      };
      this.raw.on('drain', done).on('close', done);
    });
  }

  lost(): void {
    this.close(CloseCode.LogReplaced);
  }

  close(code: CloseCode): void {
    if (!this.closed) {
      this.ws.close(code);
    }
  }

  /** Ends it without the closing handshake, for a peer that no longer answers. */
  terminate(): void {
    this.ws.terminate();
  }

  /** Anything from the peer, pongs included, proves it alive. */
  heard(): void {
    this.lastHeard = performance.now();
    this.pinged = false;
  }

  sweep(now: number): void {
    if (this.closed) {
      return;
    }
    const silent = now - this.lastHeard;
    if (silent > DEAD_AFTER_MS) {
      this.close(CloseCode.HeartbeatLost);
      this.terminate();
      return;
    }
    if (silent > PING_AFTER_MS && !this.pinged) {
      this.pinged = true;
      this.ws.ping();
    }

    const waiting = this.raw.writableLength;
    if (waiting === 0 || waiting < this.waitingBefore) {
      this.stalledSince = now;
    }
    this.waitingBefore = waiting;
    if (now - this.stalledSince > STALL_MS && waiting > 0) {
      this.close(CloseCode.SlowConsumer);
      return;
    }
    if (now - this.lastSent > QUIET_MS) {
      this.send({ event: 'ping', data: { head: this.head() } });
    }
  }
}
