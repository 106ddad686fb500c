import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';

import { Answers } from '../common/answers.decorator.js';
import { Public } from '../common/decorators.js';
import { DomainError } from '../common/errors.js';
import { Metrics } from '../common/metrics.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { mayReadMetrics } from './metrics-access.js';

/** The numbers of this node as Prometheus text. Whoever may not read them is told that there is nothing here. */
@Public()
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  @Get()
  @Answers('The numbers of this node as Prometheus text', { 200: null }, 'not-found')
  async read(@Req() request: Request, @Res() response: Response): Promise<void> {
    if (!mayReadMetrics(request, this.config.metricsToken)) {
      throw new DomainError('not-found');
    }
    const { registry } = this.metrics;
    response.set({ 'Content-Type': registry.contentType, 'Cache-Control': 'no-store' });
    response.send(await registry.metrics());
  }
}
