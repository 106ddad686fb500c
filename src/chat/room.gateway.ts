import { Logger, UseFilters } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage, type OnGatewayConnection } from '@nestjs/websockets';
import type { WebSocket } from 'ws';

import { CloseCode } from '../protocol/close-codes.js';
import { PROTOCOL_VERSION, type AckData, type WelcomeData } from '../protocol/frames.js';
import { domainErrorOf } from '../common/error-answer.js';
import { Metrics } from '../common/metrics.js';
import type { Viewer } from '../common/viewer.js';
import { Hub } from '../realtime/hub.js';
import { FRAME_LIMIT, type Admission } from '../realtime/room-ws.adapter.js';
import { RoomSocket } from '../realtime/room-socket.js';
import { textFrame } from '../realtime/text-frame.js';
import { withheldJson } from '../realtime/channel.js';
import { WsErrorFilter } from '../realtime/ws-error.filter.js';
import { presentUser } from '../users/user.presenter.js';
import { HistoryFrameDto } from './dto/history.dto.js';
import type { Entry } from './entry.entity.js';
import { maySee } from './entry.presenter.js';
import type { LiveRoom } from './live-room.js';
import { POSTS, POSTS_WINDOW_MS } from './posting.budget.js';
import { presentRoomRef } from './room.presenter.js';
import { HistoryService } from './history.service.js';
import { RoomGate, type Seat } from './room.gate.js';

const SNAPSHOT = 50;
/** The longest question to the AI, in graphemes. */
const ASK_LIMIT = 8000;

/**
 * What every kind of room has over its socket: joining with the log from where the client was, leaving, and history.
 * The kinds add what can be said there.
 */
@UseFilters(WsErrorFilter)
export abstract class RoomGateway implements OnGatewayConnection<WebSocket> {
  private readonly log = new Logger(RoomGateway.name);
  private readonly seats = new WeakMap<WebSocket, { socket: RoomSocket<Entry>; live: LiveRoom }>();

  constructor(
    private readonly hub: Hub,
    private readonly gate: RoomGate,
    private readonly pages: HistoryService,
    private readonly metrics: Metrics,
  ) {}

  /** Never throws: nothing above would catch it, and the process would end. */
  handleConnection(ws: WebSocket, admission?: Admission<Seat>): void {
    if (!admission) {
      ws.terminate();
      return;
    }
    const { seat, raw } = admission;
    const { viewer, live } = seat;
    const socket = new RoomSocket<Entry>(
      ws,
      raw,
      viewer,
      maySee,
      () => live.channel.head,
      (code) => this.metrics.refusals.inc({ code }),
    );
    this.seats.set(ws, { socket, live });
    try {
      this.gate.refuseTooMany(viewer);
    } catch {
      // Handshakes that ran at the same time were each within the limit.
      socket.close(CloseCode.TooManySockets);
      return;
    }
    this.hub.add(socket);
    this.metrics.sockets.inc({ kind: live.room.kind });
    ws.once('close', (code) => this.part(socket, live, viewer, code));
    const { mode, cursor } = arrival(seat);
    if (mode === 'resume') {
      this.metrics.reconnects.inc();
    }
    socket.cursor = cursor;
    live.enter(socket, viewer);
    socket.send({ event: 'welcome', data: welcome(seat, mode) });
    live.channel.join(socket, () => {
      socket.send({ event: 'live', data: { seq: socket.cursor - 1 } });
    });
  }

  @SubscribeMessage('history')
  async history(@ConnectedSocket() ws: WebSocket, @MessageBody() query: HistoryFrameDto): Promise<void> {
    const { socket, live } = this.seat(ws);
    const { before, after } = query;
    if (!socket.writable) {
      // Whoever asks faster than they read waits here, and their next frames behind them.
      await socket.drained();
    }
    const { frames, more } = await this.pages.page(live, query);
    const entries = frames.map(({ seq, json, entry, restricted }) =>
      restricted && !socket.sees(entry) ? withheldJson(seq) : json,
    );
    const asked = JSON.stringify({ before, after, more }).slice(1);
    socket.write(textFrame(`{"event":"history","data":{"entries":[${entries.join(',')}],${asked}}`));
  }

  protected seat(ws: WebSocket): { socket: RoomSocket<Entry>; live: LiveRoom } {
    const seat = this.seats.get(ws);
    if (!seat) {
      throw new Error('A frame came from a connection that was never admitted.');
    }
    return seat;
  }

  /**
   * Sends the acknowledgement or the refusal when the commit is through. Not awaited by the handler: the next frame of
   * this socket is taken meanwhile, and stands after this one in the queue.
   */
  protected answer(socket: RoomSocket<Entry>, nonce: string, storing: Promise<Omit<AckData, 'nonce'>>): void {
    storing.then(
      (stored) => socket.send({ event: 'ack', data: { nonce, ...stored } }),
      (error: unknown) => {
        const refusal = domainErrorOf(error);
        if (refusal.code === 'internal') {
          this.log.error(refusal.cause ?? refusal);
        }
        socket.refuse(refusal, { nonce });
      },
    );
  }

  private part(socket: RoomSocket<Entry>, live: LiveRoom, viewer: Viewer, code: number): void {
    this.hub.remove(socket);
    live.leave(socket, viewer);
    this.metrics.sockets.dec({ kind: live.room.kind });
    this.metrics.closes.inc({ code });
  }
}

/** Whether the log goes on from where the client was, and the first seq to send. */
function arrival({ live, after, epoch }: Seat): { mode: WelcomeData['mode']; cursor: number } {
  const { room, channel } = live;
  const continues =
    after !== null && epoch === room.epoch && after <= channel.head && after >= room.first - 1;
  return continues
    ? { mode: 'resume', cursor: after + 1 }
    : { mode: 'snapshot', cursor: Math.max(room.first, channel.head - SNAPSHOT + 1) };
}

function welcome({ live, viewer }: Seat, mode: WelcomeData['mode']): WelcomeData {
  const { room, channel, presence, settings } = live;
  return {
    v: PROTOCOL_VERSION,
    room: presentRoomRef(room),
    viewer: viewer.account && presentUser(viewer.account, { self: true }),
    epoch: room.epoch,
    head: channel.head,
    first: room.first,
    mode,
    limits: {
      text: room.kind === 'assistant' ? ASK_LIMIT : settings.textLimit,
      frame: FRAME_LIMIT,
      posts: POSTS,
      windowMs: POSTS_WINDOW_MS,
    },
    presence: presence.view,
  };
}
