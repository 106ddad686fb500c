import { Module, type DynamicModule } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';

import { AccountModule } from './account/account.module.js';
import { AiModule } from './ai/ai.module.js';
import { AuthModule } from './auth/auth.module.js';
import { ChatModule } from './chat/chat.module.js';
import type { AppConfig } from './config/app-config.js';
import { ConfigModule } from './config/config.module.js';
import { DatabaseModule } from './database/database.module.js';
import { DocsModule } from './docs/docs.module.js';
import { HealthModule } from './health/health.module.js';
import { ModerationModule } from './moderation/moderation.module.js';
import { PagesModule } from './pages/pages.module.js';
import { StreamingModule } from './streaming/streaming.module.js';
import { UsersModule } from './users/users.module.js';

/** The list of what the server is made of. */
@Module({})
export class AppModule {
  static with(config: AppConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(config),
        ScheduleModule.forRoot(),
        DatabaseModule,
        UsersModule,
        AuthModule,
        ChatModule,
        ModerationModule,
        StreamingModule,
        AiModule,
        AccountModule,
        HealthModule,
        DocsModule,
        PagesModule,
      ],
    };
  }
}
