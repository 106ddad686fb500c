import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';

import { ChatModule } from '../chat/chat.module.js';
import { Room } from '../chat/rooms/room.entity.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { ModerationModule } from '../moderation/moderation.module.js';
import { UsersModule } from '../users/users.module.js';
import { AiSettingsController } from './ai-settings.controller.js';
import { AiGauges } from './ai.gauges.js';
import { AiGateway } from './ai.gateway.js';
import { AiMetrics } from './ai.metrics.js';
import { AI_LIMITS, DEFAULT_LIMITS } from './ai.limits.js';
import { AiBudget } from './budget/budget.entity.js';
import { BudgetsRepository } from './budget/budgets.repository.js';
import { Calibration } from './budget/estimate.js';
import { TokenBudget } from './budget/token.budget.js';
import { Turnstile } from './budget/turnstile.js';
import { AiUsageRow } from './budget/usage.entity.js';
import { UsageRepository } from './budget/usage.repository.js';
import { UsageService } from './budget/usage.service.js';
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
import { ConnectionTest } from './model/connection-test.service.js';
import { ModelsService } from './model/models.service.js';
import { ModerationService } from './moderation/moderation.service.js';
import { MODERATORS, type Moderators } from './moderation/moderators.js';
import { OpenAiModerator } from './moderation/openai.moderator.js';
import { TermsModerator } from './moderation/terms.moderator.js';
import { AI_PROVIDER, type AiProvider } from './provider/ai-provider.js';
import { OpenAiProvider } from './provider/openai.provider.js';
import { AiReading } from './reading/reading.entity.js';
import { ReadingsRepository } from './reading/readings.repository.js';
import { ReadingsService } from './reading/readings.service.js';
import { SideCallService } from './reading/side-call.service.js';
import { SummaryService } from './reading/summary.service.js';
import { TranslationService } from './reading/translation.service.js';
import { ReadingsController } from './readings.controller.js';
import { RoomAiController } from './room-ai.controller.js';
import { RoomAssistant } from './rooms/room-assistant.service.js';
import { AiSearchMark, AiSearchPair } from './search/search-index.entity.js';
import { SearchIndex } from './search/search-index.js';
import { SearchIndexRepository } from './search/search-index.repository.js';
import { AiSettings } from './settings/ai.settings.js';
import { AiPersona } from './settings/persona.entity.js';
import { PersonasService } from './settings/personas.service.js';
import { AiSetting } from './settings/setting.entity.js';
import { AiSettingsRepository } from './settings/settings.repository.js';
import { ModelScorer } from './watch/model.scorer.js';
import { OpenAiScorer } from './watch/openai.scorer.js';
import { QuestionWatch } from './watch/question-watch.service.js';
import { RoomHold } from './watch/room-hold.service.js';
import { RoomWatch } from './watch/room-watch.service.js';
import { SCORERS, type Scorers } from './watch/scorers.js';
import { WatchChecks } from './watch/watch.checks.js';

/** The assistant: conversations at home, and answers in rooms. */
@Module({
  imports: [
    TypeOrmModule.forFeature([
      AiBudget,
      AiGeneration,
      AiPersona,
      AiReading,
      AiSearchMark,
      AiSearchPair,
      AiSetting,
      AiUsageRow,
      Room,
    ]),
    ChatModule,
    ModerationModule,
    UsersModule,
  ],
  controllers: [AiSettingsController, ConversationsController, ReadingsController, RoomAiController],
  providers: [
    AiGateway,
    AiGauges,
    AiMetrics,
    AiSettings,
    AiSettingsRepository,
    AnswerLog,
    AnsweringService,
    AssistantService,
    BudgetsRepository,
    ConnectionTest,
    ConversationsRepository,
    ConversationsService,
    GenerationsRepository,
    GenerationsService,
    ModelsService,
    ModerationService,
    PersonasService,
    QuestionWatch,
    ReadingsRepository,
    ReadingsService,
    RecoveryService,
    RoomAssistant,
    RoomHold,
    RoomWatch,
    SearchIndex,
    SearchIndexRepository,
    SideCallService,
    SummaryService,
    TokenBudget,
    TranslationService,
    Turnstile,
    UsageRepository,
    UsageService,
    WaitingService,
    WatchChecks,
    { provide: Calibration, useFactory: () => new Calibration() },
    { provide: AI_LIMITS, useValue: DEFAULT_LIMITS },
    {
      provide: AI_PROVIDER,
      inject: [APP_CONFIG],
      useFactory: ({ openaiApiKey, openaiBaseUrl }: AppConfig) =>
        new OpenAiProvider({ apiKey: openaiApiKey, baseUrl: openaiBaseUrl }),
    },
    {
      provide: MODERATORS,
      inject: [APP_CONFIG, AiSettings],
      useFactory: ({ openaiApiKey, openaiBaseUrl }: AppConfig, settings: AiSettings): Moderators => ({
        terms: new TermsModerator(() => settings.now.moderationTerms),
        openai: new OpenAiModerator({ apiKey: openaiApiKey, baseUrl: openaiBaseUrl }),
      }),
    },
    {
      provide: SCORERS,
      inject: [APP_CONFIG, AI_PROVIDER, ModelsService, Calibration],
      useFactory: (
        { openaiApiKey, openaiBaseUrl }: AppConfig,
        provider: AiProvider,
        models: ModelsService,
        calibration: Calibration,
      ): Scorers => ({
        model: new ModelScorer(provider, models, calibration),
        openai: new OpenAiScorer({ apiKey: openaiApiKey, baseUrl: openaiBaseUrl }),
      }),
    },
  ],
  exports: [
    AiSettings,
    AssistantService,
    ConnectionTest,
    ConversationsService,
    ModelsService,
    PersonasService,
    UsageService,
    WaitingService,
  ],
})
export class AiModule {}
