import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

import { Logger, type INestApplication, type WsMessageHandler } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import { match, type MatchFunction } from 'path-to-regexp';
import { WebSocketServer, type WebSocket } from 'ws';

import { CloseCode } from '../protocol/close-codes.js';
import { domainErrorOf, errorBody, secondsToWait } from '../common/error-answer.js';
import { DomainError } from '../common/errors.js';
import { localeFromHeader } from '../common/i18n/translate.js';
import type { Metrics } from '../common/metrics.js';
import { readFrame } from './frame-reader.js';
import { RoomSocket } from './room-socket.js';

/** One request to open a socket, before the 101. */
export interface Handshake {
  readonly request: IncomingMessage;
  /** The options of the gateway whose path matched. */
  readonly door: Door;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

/** What a gateway's decorator says: `path` may have parameters, `kind` is for the gate. */
export interface Door {
  readonly path: string;
  readonly kind: string;
}

/** Decides about a handshake. What it answers is the second argument of `handleConnection`; a `DomainError` refuses. */
export interface Gate {
  admit(handshake: Handshake): Promise<unknown>;
}

/** What `handleConnection` is given. */
export interface Admission<Seat> {
  readonly seat: Seat;
  /** The TCP socket under the WebSocket. */
  readonly raw: Socket;
}

/** The longest client frame, in bytes. */
export const FRAME_LIMIT = 16 * 1024;
const DECISION_MS = 12_000;
const RESTART_MS = 2000;
/** Frames of one socket that may wait for earlier ones; then the socket is not read until they are done. */
const WAITING_FRAMES = 64;

/**
 * `ws` would allow 100 MiB, compression bombs and 30 s for a peer that never closes. Twenty are for a slow reader, who finds
 * the reason behind all that waits.
 */
const SERVER_OPTIONS = {
  noServer: true,
  clientTracking: false,
  maxPayload: FRAME_LIMIT,
  maxFragments: 16,
  maxBufferedChunks: 1024,
  perMessageDeflate: false,
  closeTimeout: 20_000,
};

interface Entrance extends Door {
  readonly matches: MatchFunction<Record<string, string>>;
  readonly server: WebSocketServer;
}

/**
 * Nest's adapter for `ws`, with what a public chat needs: paths with parameters, the decision about identity and origin
 * before the 101 with a whole HTTP answer for a refusal, bounded frames, and the frames of one socket handled in the
 * order sent (Nest's own handles them at the same time, so that a slow first one is stored after a fast second one).
 */
export class RoomWsAdapter extends WsAdapter {
  private readonly entrances: Entrance[] = [];
  private isClosed = false;
  private readonly log = new Logger(RoomWsAdapter.name);
  private readonly onUpgrade = (request: IncomingMessage, socket: Socket, head: Buffer) => {
    void this.upgrade(request, socket, head);
  };

  constructor(
    app: INestApplication,
    private readonly gate: Gate,
    private readonly metrics: Metrics,
  ) {
    super(app);
  }

  override create(_port: number, options: Door): WebSocketServer {
    if (this.entrances.length === 0) {
      this.httpServer.on('upgrade', this.onUpgrade);
    }
    const server = new WebSocketServer(SERVER_OPTIONS);
    this.entrances.push({ ...options, matches: match(options.path), server });
    // The exact path wins over the one with a parameter, in whatever order the modules were made.
    this.entrances.sort((a, b) => Number(a.path.includes(':')) - Number(b.path.includes(':')));
    return server;
  }

  override bindMessageHandlers(ws: WebSocket, handlers: WsMessageHandler[]): void {
    const callbacks = new Map(handlers.map(({ message, callback }) => [message, callback]));
    let waiting = 0;
    let last = Promise.resolve();
    const readAfter = async (previous: Promise<void>, data: Buffer) => {
      await previous;
      await readFrame(ws, data, callbacks);
      if (waiting-- === WAITING_FRAMES) {
        ws.resume();
      }
    };

    ws.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) {
        RoomSocket.of(ws).close(CloseCode.Binary);
        return;
      }
      if (++waiting === WAITING_FRAMES) {
        ws.pause();
      }
      last = readAfter(last, data);
    });
  }

  override async close(server: WebSocketServer): Promise<void> {
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
  }

  override async dispose(): Promise<void> {
    // Who still knocks while the server closes is told so; without a listener they would hear of a page that is not there.
    this.isClosed = true;
    await super.dispose();
  }

  private async upgrade(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    // First of all: a reset while the decision is pending would otherwise end the process.
    const ignore = () => socket.destroy();
    socket.on('error', ignore);
    const timer = setTimeout(ignore, DECISION_MS);
    try {
      if (this.isClosed) {
        throw new DomainError('server.draining', { retryAfterMs: RESTART_MS });
      }
      const { entrance, handshake } = this.find(request);
      const seat = await this.gate.admit(handshake);
      if (socket.destroyed) {
        return;
      }
      socket.off('error', ignore);
      entrance.server.handleUpgrade(request, socket, head, (ws) => {
        this.metrics.handshakes.inc({ status: 101 });
        // `ws` closes a faulty connection itself, with the right code; without a listener it would end the process.
        ws.on('error', () => undefined);
        const admission: Admission<unknown> = { seat, raw: socket };
        entrance.server.emit('connection', ws, admission);
      });
    } catch (error) {
      this.refuse(request, socket, error);
    } finally {
      clearTimeout(timer);
    }
  }

  private find(request: IncomingMessage): { entrance: Entrance; handshake: Handshake } {
    const { pathname, query } = parse(request.url);
    for (const entrance of this.entrances) {
      const found = entrance.matches(pathname);
      if (found) {
        return { entrance, handshake: { request, door: entrance, params: found.params, query } };
      }
    }
    throw new DomainError('not-found');
  }

  private refuse(request: IncomingMessage, socket: Socket, error: unknown): void {
    const known = domainErrorOf(error);
    if (known.code === 'internal') {
      this.log.error(known.cause ?? known);
    }
    this.metrics.handshakes.inc({ status: known.status });
    this.metrics.refusals.inc({ code: known.code });
    if (socket.destroyed) {
      return;
    }
    const seconds = secondsToWait(known);
    const locale = localeFromHeader(request.headers['accept-language']);
    const body = JSON.stringify({ error: errorBody(known, locale) });
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.writeHead(known.status, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(body),
      'Cache-Control': 'no-store',
      ...(seconds !== null && { 'Retry-After': seconds }),
    });
    response.end(body, () => socket.end());
  }
}

function parse(target: string | undefined): { pathname: string; query: URLSearchParams } {
  try {
    const url = new URL(target ?? '/', 'ws://host');
    // A malformed escape would throw later, inside the path matcher.
    decodeURIComponent(url.pathname);
    return { pathname: url.pathname, query: url.searchParams };
  } catch {
    throw new DomainError('frame.malformed');
  }
}
