import { WebSocketGateway } from '@nestjs/websockets';

import { SpeakingGateway } from './speaking.gateway.js';

/** Community rooms: `/ws?room=SLUG`. */
@WebSocketGateway({ path: '/ws', kind: 'chat' })
export class ChatGateway extends SpeakingGateway {}
