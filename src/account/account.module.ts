import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';

import { AiModule } from '../ai/ai.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { ChatModule } from '../chat/chat.module.js';
import { ModerationModule } from '../moderation/moderation.module.js';
import { RealtimeModule } from '../realtime/realtime.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccountController } from './account.controller.js';
import { AccountDeletion } from './account-deletion.service.js';
import { AccountExport } from './account-export.service.js';
import { DeparturesRepository } from './departures.repository.js';
import { IgnoredPeopleController } from './ignored/ignored-people.controller.js';
import { IgnoredPeopleRepository } from './ignored/ignored-people.repository.js';
import { IgnoredPeople } from './ignored/ignored-people.service.js';
import { IgnoredPerson } from './ignored/ignored-person.entity.js';

/** What concerns all that a person has here, in whatever part of the server. */
@Module({
  imports: [
    TypeOrmModule.forFeature([IgnoredPerson]),
    AiModule,
    AuthModule,
    ChatModule,
    ModerationModule,
    RealtimeModule,
    UsersModule,
  ],
  controllers: [AccountController, IgnoredPeopleController],
  providers: [AccountDeletion, AccountExport, DeparturesRepository, IgnoredPeople, IgnoredPeopleRepository],
  exports: [IgnoredPeople],
})
export class AccountModule {}
