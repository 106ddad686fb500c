import { WebSocketGateway } from '@nestjs/websockets';

import { SpeakingGateway } from '../chat/gateway/speaking.gateway.js';

/** Live events: `/ws/streaming?room=SLUG`. */
@WebSocketGateway({ path: '/ws/streaming', kind: 'stream' })
export class StreamingGateway extends SpeakingGateway {}
