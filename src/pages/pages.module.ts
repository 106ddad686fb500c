import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';

import { AiModule } from '../ai/ai.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { ChatModule } from '../chat/chat.module.js';
import { RealtimeModule } from '../realtime/realtime.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccountViews } from './account-views.js';
import { AccountPages } from './account.pages.js';
import { AdminPages } from './admin.pages.js';
import { ChatPanel } from './chat-panel.js';
import { ChatPages } from './chat.pages.js';
import { FormRouteGuard } from './form-route.guard.js';
import { FormViews } from './form-views.js';
import { HomeView } from './home-view.js';
import { HomePages } from './home.pages.js';
import { PageErrorFilter } from './page-error.filter.js';
import { PageFrame } from './page-frame.js';
import { RoomLists } from './room-lists.js';
import { StreamingPages } from './streaming.pages.js';
import { StyleguidePages } from './styleguide.pages.js';

/** Everything that answers with HTML; the only module that renders. */
@Module({
  imports: [AiModule, AuthModule, ChatModule, RealtimeModule, UsersModule],
  controllers: [HomePages, ChatPages, StreamingPages, AccountPages, AdminPages, StyleguidePages],
  providers: [
    AccountViews,
    ChatPanel,
    FormViews,
    HomeView,
    PageFrame,
    RoomLists,
    { provide: APP_GUARD, useClass: FormRouteGuard },
    { provide: APP_FILTER, useClass: PageErrorFilter },
  ],
})
export class PagesModule {}
