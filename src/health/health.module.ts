import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';

import { RealtimeModule } from '../realtime/realtime.module.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';

/** What an operator watches: probes and metrics. */
@Module({
  imports: [TerminusModule.forRoot({ logger: false }), RealtimeModule],
  controllers: [HealthController, MetricsController],
})
export class HealthModule {}
