import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';

import { RealtimeModule } from '../realtime/realtime.module.js';
import { FormerName } from './former-name.entity.js';
import { FormerNamesRepository } from './former-names.repository.js';
import { NamesService } from './names.service.js';
import { User } from './user.entity.js';
import { UsersController } from './users.controller.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

/** Accounts and who may do what. */
@Module({
  imports: [TypeOrmModule.forFeature([FormerName, User]), RealtimeModule],
  controllers: [UsersController],
  providers: [FormerNamesRepository, NamesService, UsersRepository, UsersService],
  exports: [NamesService, UsersService],
})
export class UsersModule {}
