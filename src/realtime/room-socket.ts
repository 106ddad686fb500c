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
import type { Sight } from './shared-frames.js';
import { textFrame } from './text-frame.js';

/** With this much waiting in a socket, it is left behind until it drains. */
const SOFT_LIMIT_BYTES = 64 * 1024;
/** A socket that drains nothing for so long is closed. */
const STALL_MS = 20_000;
const PING_AFTER_MS = 15_000;
/** Who has been sent much since they were last heard is asked sooner: the system's buffers may be what takes it. */
const BUSY_PING_AFTER_MS = 4_000;
/** Who has been sent much and has not answered for so long does not read. */
const UNREAD_MS = 23_000;
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
  /** Told when the viewer may be somebody else, or rank otherwise. */
  onRenewed: () => void = () => undefined;
  private currentViewer: Viewer;
  /** As it is outside this room. */
  private account: Account | null;
  private lastHeard = performance.now();
  private lastSent = performance.now();
  private pinged = false;
  /** Bytes written since something was last heard. */
  private unanswered = 0;
  private stalledSince = performance.now();
  /** Bytes that had left when it was last looked at. */
  private leftBefore = 0;
  private ended: CloseCode | null = null;
  private fullAt = 0;
  private refusals = 0;
  private lastRefusal = 0;

  constructor(
    private readonly ws: WebSocket,
    private readonly raw: Socket,
    viewer: Viewer,
    private readonly sightOf: (viewer: Viewer, entry: Entry) => Sight,
    /** The viewer's head of the log. */
    private readonly head: () => number,
    private readonly onRefused: (code: ErrorCode) => void,
    /** Told at once when this side closes it: a peer that does not read lets the end wait. */
    private readonly onClosing: (code: CloseCode) => void,
    /** The account as it ranks in this room. */
    private readonly rank: (account: Account) => Account = (account) => account,
  ) {
    this.currentViewer = viewer;
    this.account = viewer.account;
    this.renew();
    sockets.set(ws, this);
    ws.on('pong', () => this.heard());
    ws.on('ping', () => this.heard());
  }

  get viewer(): Viewer {
    return this.currentViewer;
  }

  get closed(): boolean {
    return this.ws.readyState !== WebSocket.OPEN;
  }

  /** The code this side has closed it with; null as long as it has not. What comes from the peer afterwards is not read. */
  get closedWith(): CloseCode | null {
    return this.ended;
  }

  get writable(): boolean {
    return !this.closed && this.raw.writableLength < SOFT_LIMIT_BYTES;
  }

  sees(entry: Entry): Sight {
    return this.sightOf(this.currentViewer, entry);
  }

  renew(account: Account | null = this.account): void {
    if (account?.guest) {
      // Nothing about them changes, and they are nobody but in a room.
      return;
    }
    this.account = account;
    if (account) {
      const locale = account.locale ?? this.currentViewer.locale;
      this.currentViewer = { ...this.currentViewer, account: this.rank(account), locale };
    }
    this.onRenewed();
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
    this.onRefused(error.code);
    // What is our own fault is held against nobody: who tries again while the database is away may stay.
    if (error.status < 500) {
      const now = performance.now();
      this.refusals = Math.max(0, this.refusals - (now - this.lastRefusal) / REFUSAL_FADES_MS) + 1;
      this.lastRefusal = now;
    }
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
      this.unanswered += frame.length;
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
      this.ended = code;
      this.onClosing(code);
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
    this.unanswered = 0;
    this.pinged = false;
  }

  sweep(now: number): void {
    if (this.closed) {
      return;
    }
    const silent = now - this.lastHeard;
    const isBusy = this.unanswered > SOFT_LIMIT_BYTES;
    if (this.isStalled(now) || (isBusy && silent > UNREAD_MS)) {
      this.close(CloseCode.SlowConsumer);
      return;
    }
    if (silent > DEAD_AFTER_MS) {
      this.close(CloseCode.HeartbeatLost);
      this.terminate();
      return;
    }
    if (silent > (isBusy ? BUSY_PING_AFTER_MS : PING_AFTER_MS) && !this.pinged) {
      this.pinged = true;
      this.ws.ping();
    }
    if (now - this.lastSent > QUIET_MS) {
      this.send({ event: 'ping', data: { head: this.head() } });
    }
  }

  /** Whether what waits has not got less for too long, the system's own buffers being full. */
  private isStalled(now: number): boolean {
    const waiting = this.raw.writableLength;
    const left = this.raw.bytesWritten - waiting;
    if (waiting === 0 || left > this.leftBefore) {
      this.stalledSince = now;
    }
    this.leftBefore = left;
    return now - this.stalledSince > STALL_MS;
  }
}
