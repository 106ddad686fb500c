import { Injectable } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import type { WebSocket } from 'ws';

import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import { Metrics } from '../../common/metrics.js';
import { Hub } from '../../realtime/hub.js';
import { RaidGoDto } from '../raids/raid-go.dto.js';
import { RaidGoers } from '../raids/raid.goers.js';
import { ReactDto } from '../reactions/react.dto.js';
import { Reactions } from '../reactions/reactions.service.js';
import { EditDto, RemoveDto, SayDto } from '../messages/message.dto.js';
import { StreamIdDto } from './stream-id.dto.js';
import { HistoryService } from '../messages/history.service.js';
import type { LiveRoom } from '../rooms/live-room.js';
import type { Stream } from '../rooms/room.streams.js';
import { MessagesService } from '../messages/messages.service.js';
import { RoomGate } from './room.gate.js';
import { RoomGateway } from './room.gateway.js';

/** Rooms where people talk to each other: say, edit, remove, react; and stop what is being written to them. */
@Injectable()
export abstract class SpeakingGateway extends RoomGateway {
  constructor(
    hub: Hub,
    gate: RoomGate,
    pages: HistoryService,
    metrics: Metrics,
    clock: Clock,
    private readonly messages: MessagesService,
    private readonly reactions: Reactions,
    private readonly goers: RaidGoers,
  ) {
    super(hub, gate, pages, metrics, clock);
  }

  @SubscribeMessage('say')
  say(@ConnectedSocket() ws: WebSocket, @MessageBody() message: SayDto): void {
    const { socket, live } = this.seat(ws);
    this.answer(socket, message.nonce, this.messages.post(socket.viewer, live, message));
  }

  @SubscribeMessage('edit')
  edit(@ConnectedSocket() ws: WebSocket, @MessageBody() change: EditDto): void {
    const { socket, live } = this.seat(ws);
    this.answer(socket, change.nonce, this.messages.change(socket.viewer, live, change));
  }

  @SubscribeMessage('remove')
  remove(@ConnectedSocket() ws: WebSocket, @MessageBody() removal: RemoveDto): void {
    const { socket, live } = this.seat(ws);
    this.answer(socket, removal.nonce, this.messages.remove(socket.viewer, live, removal));
  }

  @SubscribeMessage('react')
  async react(@ConnectedSocket() ws: WebSocket, @MessageBody() { reaction }: ReactDto): Promise<void> {
    const { socket, live } = this.seat(ws);
    await this.reactions.react(socket.viewer, live, reaction);
  }

  @SubscribeMessage('raid.go')
  go(@ConnectedSocket() ws: WebSocket, @MessageBody() { id }: RaidGoDto): void {
    const { socket, live } = this.seat(ws);
    this.goers.go(socket, live.room.id, id);
  }

  @SubscribeMessage('stop')
  stop(@ConnectedSocket() ws: WebSocket, @MessageBody() { id }: StreamIdDto): void {
    const { socket, live } = this.seat(ws);
    streamIn(live, id).stopBy(socket.viewer);
  }

  @SubscribeMessage('sync')
  sync(@ConnectedSocket() ws: WebSocket, @MessageBody() { id }: StreamIdDto): void {
    const { socket, live } = this.seat(ws);
    const stream = streamIn(live, id);
    if (live.isLate(socket.viewer)) {
      // Who is shown everything late is sent answers when they are whole.
      throw new DomainError('not-found');
    }
    socket.send(stream.snapshot());
  }
}

/** What has ended is in the log. */
function streamIn(live: LiveRoom, id: string): Stream {
  const stream = live.streams.find(id);
  if (!stream) {
    throw new DomainError('not-found');
  }
  return stream;
}
