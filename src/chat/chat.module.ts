import { Module } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';

import { AuthModule } from '../auth/auth.module.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { RealtimeModule } from '../realtime/realtime.module.js';
import { ChatGateway } from './chat.gateway.js';
import { ChatSweep } from './chat.sweep.js';
import { DrainService } from './drain.service.js';
import { EntriesRepository } from './entries.repository.js';
import { Entry } from './entry.entity.js';
import { HistoryService } from './history.service.js';
import { LiveRooms } from './live-rooms.js';
import { LOG_STORE } from './log/log.store.js';
import { LogWriter } from './log/log.writer.js';
import { SqliteLogStore } from './log/sqlite-log.store.js';
import { MessagesController } from './messages.controller.js';
import { MessagesService } from './messages.service.js';
import { PostingBudget } from './posting.budget.js';
import { RetentionService } from './retention.service.js';
import { Room } from './room.entity.js';
import { RoomGate } from './room.gate.js';
import { RoomsController } from './rooms.controller.js';
import { RoomsRepository } from './rooms.repository.js';
import { RoomsService } from './rooms.service.js';

/** Rooms and their log, and the gateway of community rooms. */
@Module({
  imports: [TypeOrmModule.forFeature([Room, Entry]), RealtimeModule, AuthModule],
  controllers: [RoomsController, MessagesController],
  providers: [
    ChatGateway,
    ChatSweep,
    DrainService,
    EntriesRepository,
    HistoryService,
    LiveRooms,
    LogWriter,
    MessagesService,
    PostingBudget,
    RetentionService,
    RoomGate,
    RoomsRepository,
    RoomsService,
    {
      provide: LOG_STORE,
      // Not before the connection: it makes the folder and the tables that the writer needs.
      inject: [APP_CONFIG, getDataSourceToken()],
      useFactory: (config: AppConfig) => new SqliteLogStore(config.databaseFile),
    },
  ],
  exports: [
    RealtimeModule,
    EntriesRepository,
    HistoryService,
    LiveRooms,
    LogWriter,
    MessagesService,
    RoomGate,
    RoomsRepository,
    RoomsService,
  ],
})
export class ChatModule {}
