import { Global, Module, type DynamicModule } from '@nestjs/common';

import { Clock } from '../common/clock.js';
import { Draining } from '../common/draining.js';
import { AppLogger } from '../common/logger.js';
import { Metrics } from '../common/metrics.js';
import { APP_CONFIG, type AppConfig } from './app-config.js';

/** What everybody needs: configuration, clock, log, metrics and the draining flag. The only global module. */
@Global()
@Module({})
export class ConfigModule {
  static with(config: AppConfig): DynamicModule {
    return {
      module: ConfigModule,
      providers: [
        { provide: APP_CONFIG, useValue: config },
        { provide: AppLogger, useFactory: () => new AppLogger(config.logLevel) },
        Clock,
        Draining,
        Metrics,
      ],
      exports: [APP_CONFIG, AppLogger, Clock, Draining, Metrics],
    };
  }
}
