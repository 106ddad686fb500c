import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';

import { AccountModule } from '../account/account.module.js';
import { AiModule } from '../ai/ai.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { ChatModule } from '../chat/chat.module.js';
import { ModerationModule } from '../moderation/moderation.module.js';
import { RealtimeModule } from '../realtime/realtime.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccountViews } from './account-views.js';
import { AccountPages } from './account.pages.js';
import { AdminRoomsView } from './admin-rooms-view.js';
import { AdminPages } from './admin.pages.js';
import { AiAdminView } from './ai-admin-view.js';
import { ChatPanel } from './chat-panel.js';
import { ChatPages } from './chat.pages.js';
import { ConversationPanel } from './conversation-panel.js';
import { EmojiController } from './emoji.controller.js';
import { FormRouteGuard } from './form-route.guard.js';
import { FormViews } from './form-views.js';
import { HomeView } from './home-view.js';
import { HomePages } from './home.pages.js';
import { PageErrorFilter } from './page-error.filter.js';
import { PageFrame } from './page-frame.js';
import { RoomLists } from './room-lists.js';
import { SharePages } from './share.pages.js';
import { StaffViews } from './staff-views.js';
import { RoomStaffPages, StaffPages } from './staff.pages.js';
import { SessionPages } from './session.pages.js';
import { SessionViews } from './session-views.js';
import { StreamingPages } from './streaming.pages.js';
import { StyleguidePages } from './styleguide.pages.js';

/** Everything that answers with HTML; the only module that renders. */
@Module({
  imports: [AccountModule, AiModule, AuthModule, ChatModule, ModerationModule, RealtimeModule, UsersModule],
  controllers: [
    HomePages,
    ChatPages,
    StreamingPages,
    SharePages,
    AccountPages,
    AdminPages,
    StaffPages,
    RoomStaffPages,
    SessionPages,
    StyleguidePages,
    EmojiController,
  ],
  providers: [
    AccountViews,
    AdminRoomsView,
    AiAdminView,
    ChatPanel,
    ConversationPanel,
    FormViews,
    HomeView,
    PageFrame,
    RoomLists,
    SessionViews,
    StaffViews,
    { provide: APP_GUARD, useClass: FormRouteGuard },
    { provide: APP_FILTER, useClass: PageErrorFilter },
  ],
})
export class PagesModule {}
