import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';

import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { ClockSync } from './clock.sync.js';
import { dataSourceOptions } from './data-source.js';
import { UnfinishedMove } from './moving/unfinished-move.js';
import { runMigrations } from './run-migrations.js';
import { ServerValue } from './server-value.entity.js';
import { ServerValuesRepository } from './server-values.repository.js';
import { TimeRepository } from './time.repository.js';

/** The one TypeORM connection; the schema is the newest before anything else is made. */
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [APP_CONFIG],
      useFactory: async (config: AppConfig) => {
        await runMigrations(config);
        return { ...dataSourceOptions(config), autoLoadEntities: true, retryAttempts: 0 };
      },
    }),
    TypeOrmModule.forFeature([ServerValue]),
  ],
  providers: [ClockSync, ServerValuesRepository, TimeRepository, UnfinishedMove],
  exports: [ServerValuesRepository],
})
export class DatabaseModule {}
