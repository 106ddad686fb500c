import { Module } from '@nestjs/common';

import { ChatModule } from '../chat/chat.module.js';
import { StreamingGateway } from './streaming.gateway.js';

/** Live events: an address to watch, and a room beside it. */
@Module({ imports: [ChatModule], providers: [StreamingGateway] })
export class StreamingModule {}
