import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';

import { DomainError } from '../common/errors.js';
import { RoomGateway } from '../chat/room.gateway.js';
import { AskDto } from './dto/ask.dto.js';

/** A person's own conversation with the AI: `/ws/{clientId}`. Until a model is set up, every question is refused. */
@WebSocketGateway({ path: '/ws/:clientId', kind: 'assistant' })
export class AiGateway extends RoomGateway {
  @SubscribeMessage('ask')
  ask(@MessageBody() _question: AskDto): void {
    throw new DomainError('ai.off');
  }
}
