import { Injectable } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { WebSocket } from 'ws';

import { HistoryService } from '../chat/messages/history.service.js';
import { RoomGate } from '../chat/gateway/room.gate.js';
import { RoomGateway } from '../chat/gateway/room.gateway.js';
import { Clock } from '../common/clock.js';
import { Metrics } from '../common/metrics.js';
import { Hub } from '../realtime/hub.js';
import { AssistantService } from './conversations/assistant.service.js';
import { StreamIdDto } from '../chat/gateway/stream-id.dto.js';
import { AskDto } from './dto/ask.dto.js';

/** A person's own conversation with the AI: `/ws/{clientId}`. */
@Injectable()
@WebSocketGateway({ path: '/ws/:clientId', kind: 'assistant' })
export class AiGateway extends RoomGateway {
  constructor(
    hub: Hub,
    gate: RoomGate,
    pages: HistoryService,
    metrics: Metrics,
    clock: Clock,
    private readonly assistant: AssistantService,
  ) {
    super(hub, gate, pages, metrics, clock);
  }

  @SubscribeMessage('ask')
  ask(@ConnectedSocket() ws: WebSocket, @MessageBody() question: AskDto): void {
    const { socket, live } = this.seat(ws);
    this.answer(socket, question.nonce, this.assistant.ask(socket.viewer, live, question));
  }

  @SubscribeMessage('stop')
  async stop(@ConnectedSocket() ws: WebSocket, @MessageBody() { id }: StreamIdDto): Promise<void> {
    await this.assistant.stop(this.seat(ws).live, id);
  }

  @SubscribeMessage('regenerate')
  async regenerate(@ConnectedSocket() ws: WebSocket, @MessageBody() { id }: StreamIdDto): Promise<void> {
    const { socket, live } = this.seat(ws);
    await this.assistant.regenerate(socket.viewer, live, id);
  }

  @SubscribeMessage('continue')
  async continue(@ConnectedSocket() ws: WebSocket, @MessageBody() { id }: StreamIdDto): Promise<void> {
    const { socket, live } = this.seat(ws);
    await this.assistant.continue(socket.viewer, live, id);
  }

  @SubscribeMessage('sync')
  async sync(@ConnectedSocket() ws: WebSocket, @MessageBody() { id }: StreamIdDto): Promise<void> {
    const { socket, live } = this.seat(ws);
    socket.send(await this.assistant.snapshot(live, id));
  }
}
