import { Module } from '@nestjs/common';

import { ChatModule } from '../chat/chat.module.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { AiGateway } from './ai.gateway.js';
import { ModelsService } from './model/models.service.js';
import { AI_PROVIDER } from './provider/ai-provider.js';
import { OpenAiProvider } from './provider/openai.provider.js';

/** The assistant's rooms. */
@Module({
  imports: [ChatModule],
  providers: [
    AiGateway,
    ModelsService,
    {
      provide: AI_PROVIDER,
      inject: [APP_CONFIG],
      useFactory: ({ openaiApiKey, openaiBaseUrl }: AppConfig) =>
        new OpenAiProvider({ apiKey: openaiApiKey, baseUrl: openaiBaseUrl }),
    },
  ],
})
export class AiModule {}
