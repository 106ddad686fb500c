import { Module } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';

import { AuthModule } from '../auth/auth.module.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { RealtimeModule } from '../realtime/realtime.module.js';
import { ChatGateway } from './gateway/chat.gateway.js';
import { ChatSweep } from './chat.sweep.js';
import { DrainService } from './drain.service.js';
import { EntriesRepository } from './messages/entries.repository.js';
import { Entry } from './messages/entry.entity.js';
import { Emote } from './emotes/emote.entity.js';
import { EmotesRepository } from './emotes/emotes.repository.js';
import { EventSession } from './sessions/event-session.entity.js';
import { EventSessionsRepository } from './sessions/event-sessions.repository.js';
import { HeldChecks } from './messages/held.checks.js';
import { HeldMessage } from './log/held-message.entity.js';
import { HeldMessagesRepository } from './log/held-messages.repository.js';
import { HistoryService } from './messages/history.service.js';
import { HeadPoll } from './rooms/head-poll.service.js';
import { LiveRooms } from './rooms/live-rooms.js';
import { Action } from './log/action.entity.js';
import { LOG_STORE } from './log/log.store.js';
import { logStoreFor } from './log/log-store.for.js';
import { LogWriter } from './log/log.writer.js';
import { SearchController } from './search/search.controller.js';
import { SearchCursor } from './search/search-cursor.entity.js';
import { SearchPair } from './search/search-pair.entity.js';
import { SearchRepository } from './search/search.repository.js';
import { SearchService } from './search/search.service.js';
import { UsersModule } from '../users/users.module.js';
import { Sanction } from './log/sanction.entity.js';
import { SanctionsRepository } from './log/sanctions.repository.js';
import { Warning } from './log/warning.entity.js';
import { WarningsRepository } from './log/warnings.repository.js';
import { RuleConsent } from './log/rule-consent.entity.js';
import { RuleConsentsRepository } from './log/rule-consents.repository.js';
import { SaidText } from './log/said-text.entity.js';
import { SaidTextsRepository } from './log/said-texts.repository.js';
import { SlowPost } from './log/slow-post.entity.js';
import { PollTally } from './polls/poll.tally.js';
import { PollVote } from './polls/poll-vote.entity.js';
import { Poll } from './polls/poll.entity.js';
import { PollsRepository } from './polls/polls.repository.js';
import { MessagesController } from './messages/messages.controller.js';
import { MessagesService } from './messages/messages.service.js';
import { PeopleService } from './rooms/people.service.js';
import { PostingBudget } from './messages/posting.budget.js';
import { PostingPolicies } from './messages/posting.policies.js';
import { RaidGoer } from './raids/raid-goer.entity.js';
import { RaidGoers } from './raids/raid.goers.js';
import { Raid } from './raids/raid.entity.js';
import { RaidsRepository } from './raids/raids.repository.js';
import { RoomRaids } from './raids/room.raids.js';
import { Reactions } from './reactions/reactions.service.js';
import { RemovedEntriesRepository } from './messages/removed-entries.repository.js';
import { RetentionService } from './messages/retention.service.js';
import { Room } from './rooms/room.entity.js';
import { RoomGate } from './gateway/room.gate.js';
import { GuestsController } from './guests/guests.controller.js';
import { GuestsRepository } from './guests/guests.repository.js';
import { GuestsService } from './guests/guests.service.js';
import { User } from '../users/user.entity.js';
import { RoomModerator } from './rooms/room-moderator.entity.js';
import { RoomsController } from './rooms/rooms.controller.js';
import { RoomsRepository } from './rooms/rooms.repository.js';
import { RoomsService } from './rooms/rooms.service.js';

/** Rooms and their log, and the gateway of community rooms. */
@Module({
  imports: [
    TypeOrmModule.forFeature([
      Action,
      Emote,
      Room,
      RoomModerator,
      Entry,
      EventSession,
      HeldMessage,
      Poll,
      PollVote,
      Raid,
      RaidGoer,
      Sanction,
      RuleConsent,
      SaidText,
      SearchCursor,
      SearchPair,
      SlowPost,
      Warning,
      User,
    ]),
    RealtimeModule,
    AuthModule,
    UsersModule,
  ],
  controllers: [RoomsController, MessagesController, SearchController, GuestsController],
  providers: [
    ChatGateway,
    ChatSweep,
    DrainService,
    EmotesRepository,
    HeadPoll,
    EntriesRepository,
    EventSessionsRepository,
    GuestsRepository,
    GuestsService,
    HeldChecks,
    HeldMessagesRepository,
    HistoryService,
    LiveRooms,
    LogWriter,
    MessagesService,
    PeopleService,
    PollTally,
    PollsRepository,
    PostingBudget,
    PostingPolicies,
    RaidGoers,
    RaidsRepository,
    Reactions,
    RemovedEntriesRepository,
    RetentionService,
    RoomRaids,
    RoomGate,
    RoomsRepository,
    RoomsService,
    RuleConsentsRepository,
    SaidTextsRepository,
    SanctionsRepository,
    SearchRepository,
    SearchService,
    WarningsRepository,
    {
      provide: LOG_STORE,
      // Not before the connection: it makes the folder and the tables that the writer needs.
      inject: [APP_CONFIG, getDataSourceToken()],
      useFactory: ({ database }: AppConfig) => logStoreFor(database),
    },
  ],
  exports: [
    RealtimeModule,
    EmotesRepository,
    EntriesRepository,
    EventSessionsRepository,
    HeldChecks,
    HeldMessagesRepository,
    HistoryService,
    LiveRooms,
    LogWriter,
    MessagesService,
    PollTally,
    PollsRepository,
    PostingPolicies,
    RaidGoers,
    RaidsRepository,
    Reactions,
    RemovedEntriesRepository,
    RoomRaids,
    RoomGate,
    RoomsRepository,
    RoomsService,
    RuleConsentsRepository,
    SanctionsRepository,
    WarningsRepository,
  ],
})
export class ChatModule {}
