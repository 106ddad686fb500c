import { Injectable } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import type { WebSocket } from 'ws';

import { DomainError } from '../common/errors.js';
import { Metrics } from '../common/metrics.js';
import { Hub } from '../realtime/hub.js';
import { EditDto, RemoveDto, SayDto } from './dto/message.dto.js';
import { StreamIdDto } from './dto/stream-id.dto.js';
import { HistoryService } from './history.service.js';
import type { LiveRoom, Stream } from './live-room.js';
import { MessagesService } from './messages.service.js';
import { RoomGate } from './room.gate.js';
import { RoomGateway } from './room.gateway.js';

/** Rooms where people talk to each other: say, edit, remove; and stop what is being written to them. */
@Injectable()
export abstract class SpeakingGateway extends RoomGateway {
  constructor(
    hub: Hub,
    gate: RoomGate,
    pages: HistoryService,
    metrics: Metrics,
    private readonly messages: MessagesService,
  ) {
    super(hub, gate, pages, metrics);
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

  @SubscribeMessage('stop')
  stop(@ConnectedSocket() ws: WebSocket, @MessageBody() { id }: StreamIdDto): void {
    const { socket, live } = this.seat(ws);
    streamIn(live, id).stopBy(socket.viewer);
  }

  @SubscribeMessage('sync')
  sync(@ConnectedSocket() ws: WebSocket, @MessageBody() { id }: StreamIdDto): void {
    const { socket, live } = this.seat(ws);
    socket.send(streamIn(live, id).snapshot());
  }
}

/** What has ended is in the log. */
function streamIn(live: LiveRoom, id: string): Stream {
  const stream = [...live.streams].find((stream) => stream.id === id);
  if (!stream) {
    throw new DomainError('not-found');
  }
  return stream;
}
