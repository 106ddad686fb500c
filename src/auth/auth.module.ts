import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';

import { APP_CONFIG } from '../config/app-config.js';
import { DatabaseModule } from '../database/database.module.js';
import { ServerValuesRepository } from '../database/server-values.repository.js';
import { RealtimeModule } from '../realtime/realtime.module.js';
import { UsersModule } from '../users/users.module.js';
import { AddressBan } from './address-bans/address-ban.entity.js';
import { AddressBansRepository } from './address-bans/address-bans.repository.js';
import { AddressBans } from './address-bans/address-bans.service.js';
import { AddressGuard } from './address-bans/address.guard.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { Identity } from './identity.js';
import { LocalStrategy } from './local.strategy.js';
import { MeController } from './me.controller.js';
import { OriginPolicy } from './origin-policy.js';
import { PasswordHasher } from './password-hasher.js';
import { RolesGuard } from './roles.guard.js';
import { Session } from './session.entity.js';
import { SESSION_SECRET, sessionSecret } from './session-secret.js';
import { SessionGuard } from './session.guard.js';
import { SessionMiddleware } from './session.middleware.js';
import { SessionStore } from './session.store.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';
import { SocketSweep } from './socket-sweep.js';
import { Throttles } from './throttles.js';

/** Who is asking, and may they: passwords, sessions, and the guards that keep every route closed by default. */
@Module({
  imports: [DatabaseModule, TypeOrmModule.forFeature([AddressBan, Session]), RealtimeModule, UsersModule],
  controllers: [AuthController, MeController],
  providers: [
    AddressBans,
    AddressBansRepository,
    AuthService,
    Identity,
    LocalStrategy,
    OriginPolicy,
    PasswordHasher,
    SessionMiddleware,
    SessionsRepository,
    SessionsService,
    SessionStore,
    SocketSweep,
    Throttles,
    { provide: SESSION_SECRET, inject: [APP_CONFIG, ServerValuesRepository], useFactory: sessionSecret },
    { provide: APP_GUARD, useClass: AddressGuard },
    { provide: APP_GUARD, useClass: SessionGuard },
    { provide: APP_GUARD, useClass: RolesGuard },
  ],
  exports: [AddressBans, AuthService, Identity, OriginPolicy, SessionMiddleware, SessionsService, Throttles],
})
export class AuthModule {}
