import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';

import { ChatModule } from '../chat/chat.module.js';
import { Room } from '../chat/room.entity.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { AiGateway } from './ai.gateway.js';
import { AI_LIMITS, DEFAULT_LIMITS } from './ai.limits.js';
import { Calibration } from './budget/estimate.js';
import { TokenBudget } from './budget/token.budget.js';
import { Turnstile } from './budget/turnstile.js';
import { AiUsageRow } from './budget/usage.entity.js';
import { UsageRepository } from './budget/usage.repository.js';
import { ConversationsController } from './conversations.controller.js';
import { AssistantService } from './conversations/assistant.service.js';
import { ConversationsRepository } from './conversations/conversations.repository.js';
import { ConversationsService } from './conversations/conversations.service.js';
import { WaitingService } from './conversations/waiting.service.js';
import { AnswerLog } from './generation/answer.log.js';
import { AnsweringService } from './generation/answering.service.js';
import { AiGeneration } from './generation/generation.entity.js';
import { GenerationsRepository } from './generation/generations.repository.js';
import { GenerationsService } from './generation/generations.service.js';
import { RecoveryService } from './generation/recovery.service.js';
import { ModelsService } from './model/models.service.js';
import { AI_PROVIDER } from './provider/ai-provider.js';
import { OpenAiProvider } from './provider/openai.provider.js';
import { RoomAssistant } from './rooms/room-assistant.service.js';

/** The assistant: conversations at home, and answers in rooms. */
@Module({
  imports: [TypeOrmModule.forFeature([AiGeneration, AiUsageRow, Room]), ChatModule],
  controllers: [ConversationsController],
  providers: [
    AiGateway,
    AnswerLog,
    AnsweringService,
    AssistantService,
    ConversationsRepository,
    ConversationsService,
    GenerationsRepository,
    GenerationsService,
    ModelsService,
    RecoveryService,
    RoomAssistant,
    TokenBudget,
    Turnstile,
    UsageRepository,
    WaitingService,
    { provide: Calibration, useFactory: () => new Calibration() },
    { provide: AI_LIMITS, useValue: DEFAULT_LIMITS },
    {
      provide: AI_PROVIDER,
      inject: [APP_CONFIG],
      useFactory: ({ openaiApiKey, openaiBaseUrl }: AppConfig) =>
        new OpenAiProvider({ apiKey: openaiApiKey, baseUrl: openaiBaseUrl }),
    },
  ],
  exports: [AssistantService, ConversationsService, ModelsService, WaitingService],
})
export class AiModule {}
