import { Module } from '@nestjs/common';

import { ChatModule } from '../chat/chat.module.js';
import { AiGateway } from './ai.gateway.js';

/** The assistant's rooms. */
@Module({ imports: [ChatModule], providers: [AiGateway] })
export class AiModule {}
