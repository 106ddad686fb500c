import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';

import { ChatModule } from '../chat/chat.module.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { AiGateway } from './ai.gateway.js';
import { AI_LIMITS, DEFAULT_LIMITS } from './ai.limits.js';
import { Calibration } from './budget/estimate.js';
import { TokenBudget } from './budget/token.budget.js';
import { Turnstile } from './budget/turnstile.js';
import { AiUsageRow } from './budget/usage.entity.js';
import { UsageRepository } from './budget/usage.repository.js';
import { AssistantService } from './conversations/assistant.service.js';
import { AnswerLog } from './generation/answer.log.js';
import { AnsweringService } from './generation/answering.service.js';
import { AiGeneration } from './generation/generation.entity.js';
import { GenerationsRepository } from './generation/generations.repository.js';
import { GenerationsService } from './generation/generations.service.js';
import { RecoveryService } from './generation/recovery.service.js';
import { ModelsService } from './model/models.service.js';
import { AI_PROVIDER } from './provider/ai-provider.js';
import { OpenAiProvider } from './provider/openai.provider.js';

/** The assistant: conversations at home, and answers in rooms. */
@Module({
  imports: [TypeOrmModule.forFeature([AiGeneration, AiUsageRow]), ChatModule],
  providers: [
    AiGateway,
    AnswerLog,
    AnsweringService,
    AssistantService,
    GenerationsRepository,
    GenerationsService,
    ModelsService,
    RecoveryService,
    TokenBudget,
    Turnstile,
    UsageRepository,
    { provide: Calibration, useFactory: () => new Calibration() },
    { provide: AI_LIMITS, useValue: DEFAULT_LIMITS },
    {
      provide: AI_PROVIDER,
      inject: [APP_CONFIG],
      useFactory: ({ openaiApiKey, openaiBaseUrl }: AppConfig) =>
        new OpenAiProvider({ apiKey: openaiApiKey, baseUrl: openaiBaseUrl }),
    },
  ],
  exports: [AssistantService, GenerationsService, ModelsService],
})
export class AiModule {}
