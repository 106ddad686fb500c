import { Controller, Get, Header, Logger, Res } from '@nestjs/common';
import { HealthCheckService, TypeOrmHealthIndicator } from '@nestjs/terminus';
import type { Response } from 'express';

import { Answers } from '../common/answers.decorator.js';
import { Public } from '../common/decorators.js';
import { Draining } from '../common/draining.js';
import { Bus } from '../realtime/bus/bus.js';

/** How long the database may take to answer the probe, in milliseconds. */
const DATABASE_TIMEOUT_MS = 1000;

interface Status {
  status: 'ok' | 'degraded' | 'draining' | 'unavailable';
}

/** Probes for whoever watches the process. The answer is the bare status; the reason of a failure is in the log. */
@Public()
@Controller('health')
export class HealthController {
  private readonly logger = new Logger('Health');

  constructor(
    private readonly checks: HealthCheckService,
    private readonly database: TypeOrmHealthIndicator,
    private readonly draining: Draining,
    private readonly bus: Bus,
  ) {}

  /** 200 for as long as the process answers at all; a watcher restarts it when this fails. */
  @Get('live')
  @Answers('Does the process answer', { 200: { status: 'Text' } })
  @Header('Cache-Control', 'no-store')
  live(): Status {
    return { status: 'ok' };
  }

  /**
   * 200 when people can be sent here, `degraded` while messages of other nodes come by the database instead of Redis; 503
   * while draining, or when the database does not answer within a second.
   */
  @Get('ready')
  @Answers('Can people be sent here', { 200: { status: 'Text' }, 503: { status: 'Text' } })
  @Header('Cache-Control', 'no-store')
  async ready(@Res({ passthrough: true }) response: Response): Promise<Status> {
    const status = this.draining.active ? 'draining' : await this.databaseStatus();
    response.status(status === 'ok' || status === 'degraded' ? 200 : 503);
    return { status };
  }

  private async databaseStatus(): Promise<Status['status']> {
    try {
      await this.checks.check([() => this.database.pingCheck('database', { timeout: DATABASE_TIMEOUT_MS })]);
      return this.bus.isTrusted ? 'ok' : 'degraded';
    } catch (error) {
      this.logger.warn('The database does not answer.', error);
      return 'unavailable';
    }
  }
}
