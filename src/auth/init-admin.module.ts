import { Module, type DynamicModule } from '@nestjs/common';

import type { AppConfig } from '../config/app-config.js';
import { ConfigModule } from '../config/config.module.js';
import { DatabaseModule } from '../database/database.module.js';
import { UsersModule } from '../users/users.module.js';
import { AdminsService } from './admins.service.js';
import { PasswordHasher } from './password-hasher.js';

/** As little as making an administrator takes: the server may be running beside it, so nothing else may start. */
@Module({})
export class InitAdminModule {
  static with(config: AppConfig): DynamicModule {
    return {
      module: InitAdminModule,
      imports: [ConfigModule.with(config), DatabaseModule, UsersModule],
      providers: [AdminsService, PasswordHasher],
    };
  }
}
