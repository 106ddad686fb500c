import { Logger, UseFilters } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage, type OnGatewayConnection } from '@nestjs/websockets';
import type { WebSocket } from 'ws';

import { CloseCode } from '../../protocol/close-codes.js';
import { PROTOCOL_VERSION, type WelcomeData } from '../../protocol/frames.js';
import { Clock } from '../../common/clock.js';
import { domainErrorOf } from '../../common/error-answer.js';
import { Metrics } from '../../common/metrics.js';
import { speakerOf, type Viewer } from '../../common/viewer.js';
import { Hub } from '../../realtime/hub.js';
import { FRAME_LIMIT, type Admission } from '../../realtime/room-ws.adapter.js';
import { RoomSocket } from '../../realtime/room-socket.js';
import { textFrame } from '../../realtime/text-frame.js';
import { jsonFor } from '../../realtime/shared-frames.js';
import { WsErrorFilter } from '../../realtime/ws-error.filter.js';
import { presentUser } from '../../users/user.presenter.js';
import { HistoryFrameDto } from '../messages/history.dto.js';
import type { Entry } from '../messages/entry.entity.js';
import { sightOf } from '../messages/entry.presenter.js';
import type { Stored, Waiting } from '../messages/messages.service.js';
import type { LiveRoom } from '../rooms/live-room.js';
import { presentWarning } from '../messages/warning.presenter.js';
import { POSTS, POSTS_WINDOW_MS } from '../messages/posting.budget.js';
import { shownPoll } from '../polls/open-poll.js';
import { shownPin } from '../rooms/pin.js';
import { presentRoomRef } from '../rooms/room.presenter.js';
import { HistoryService } from '../messages/history.service.js';
import { RoomGate, type Seat } from './room.gate.js';

const SNAPSHOT = 50;
/** Codes that are counted by themselves: a client may close with any of two thousand others. */
const COUNTED = new Set<number>([1000, 1001, 1002, 1005, 1006, ...Object.values(CloseCode)]);
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
    private readonly clock: Clock,
  ) {}

  /** Never throws: nothing above would catch it, and the process would end. */
  handleConnection(ws: WebSocket, admission?: Admission<Seat>): void {
    if (!admission) {
      ws.terminate();
      return;
    }
    const { seat, raw } = admission;
    const { viewer, live } = seat;
    const socket: RoomSocket<Entry> = new RoomSocket(
      ws,
      raw,
      viewer,
      sightOf,
      () => live.channelFor(socket.viewer).head,
      (code) => this.metrics.refusals.inc({ code }),
      (code) => this.metrics.closes.inc({ code }),
      (account) => live.accountHere(account),
    );
    this.seats.set(ws, { socket, live });
    try {
      this.gate.refuseTooMany(viewer);
    } catch {
      // Handshakes that ran at the same time were each within the limit.
      socket.close(CloseCode.TooManySockets);
      seat.arrived();
      return;
    }
    if (live.shuts(viewer)) {
      socket.close(CloseCode.Banned);
      return;
    }
    this.hub.add(socket);
    seat.arrived();
    this.metrics.sockets.inc({ kind: live.room.kind });
    ws.once('close', (code) => this.part(socket, live, viewer, code));
    const { mode, cursor } = arrival(seat, socket.viewer);
    if (mode === 'resume') {
      this.metrics.reconnects.inc();
    }
    socket.cursor = cursor;
    live.enter(socket, viewer);
    socket.send({ event: 'welcome', data: welcome(seat, socket.viewer, mode, this.clock.now()) });
    live.channelFor(socket.viewer).join(socket, () => {
      socket.send({ event: 'live', data: { seq: socket.cursor - 1 } });
    });
  }

  @SubscribeMessage('history')
  async history(@ConnectedSocket() ws: WebSocket, @MessageBody() query: HistoryFrameDto): Promise<void> {
    const { socket, live } = this.seat(ws);
    const { before, after } = query;
    const { frames, more } = await this.pages.page(live, socket.viewer, query);
    const entries = frames.map((frame) =>
      frame.restricted ? jsonFor(frame, socket.sees(frame.entry)) : frame.json,
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
  protected answer(socket: RoomSocket<Entry>, nonce: string, storing: Promise<Stored | Waiting>): void {
    storing.then(
      (stored) =>
        socket.send(
          'seq' in stored ? { event: 'ack', data: { nonce, ...stored } } : { event: 'held', data: stored },
        ),
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
    this.gate.left(viewer);
    live.leave(socket, viewer);
    this.metrics.sockets.dec({ kind: live.room.kind });
    if (socket.closedWith === null) {
      this.metrics.closes.inc({ code: COUNTED.has(code) ? code : 'other' });
    }
  }
}

/**
 * Whether the log goes on from where the client was, and the first seq to send. Who has seen more than is out for them, as
 * staff or on another node, waits there.
 */
function arrival(
  { live, after, epoch }: Seat,
  viewer: Viewer,
): { mode: WelcomeData['mode']; cursor: number } {
  const { room, channel } = live;
  const { head } = live.channelFor(viewer);
  const continues =
    after !== null && epoch === room.epoch && after <= channel.head && after >= room.first - 1;
  return continues
    ? { mode: 'resume', cursor: after + 1 }
    : {
        mode: 'snapshot',
        cursor: Math.max(room.first, live.sessionFor(viewer)?.firstSeq ?? 0, head - SNAPSHOT + 1),
      };
}

function welcome(
  { live, timedOutUntil, warnings, poll: standing, raid: raidNow }: Seat,
  viewer: Viewer,
  mode: WelcomeData['mode'],
  now: number,
): WelcomeData {
  const { room, presence, settings } = live;
  const pinned = shownPin(live.pinFor(viewer), now);
  const poll = shownPoll(live.pollFor(viewer), standing);
  const shown = live.sessionFor(viewer);
  const raid = raidNow();
  const speaker = speakerOf(viewer);
  return {
    v: PROTOCOL_VERSION,
    room: presentRoomRef(room),
    viewer: speaker && presentUser(speaker, { self: true }),
    epoch: room.epoch,
    head: live.channelFor(viewer).head,
    first: room.first,
    mode,
    limits: {
      text: room.kind === 'assistant' ? ASK_LIMIT : settings.textLimit,
      frame: FRAME_LIMIT,
      posts: POSTS,
      windowMs: POSTS_WINDOW_MS,
    },
    presence: presence.view,
    ...(timedOutUntil !== null && { timedOutUntil: new Date(timedOutUntil).toISOString() }),
    ...(pinned && { pinned }),
    ...(poll && { poll }),
    ...(shown && { session: { ...shown.session, firstSeq: shown.firstSeq } }),
    ...(raid && { raid }),
    ...(warnings.length > 0 && { warnings: warnings.map(presentWarning) }),
    ...(mode === 'snapshot' && live.emotes.size > 0 && { emotes: [...live.emotes.values()] }),
  };
}
