import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';

import { Clock } from '../common/clock.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { TimeRepository } from './time.repository.js';

const EVERY_MS = 10_000;

/**
 * Nodes that share a database share its time: what one of them says is to end at some moment ends then on all of them,
 * also when the clock of a machine is wrong. A server that has its file for itself goes by its own.
 */
@Injectable()
export class ClockSync implements OnModuleInit, OnModuleDestroy {
  private readonly log = new Logger('Database');
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly clock: Clock,
    private readonly time: TimeRepository,
  ) {}

  async onModuleInit(): Promise<void> {
    if (this.config.database.type === 'postgres') {
      await this.sync();
      this.timer = setInterval(() => {
        // While it does not answer, the time goes on as it was.
        this.sync().catch((error: unknown) => this.log.debug(error));
      }, EVERY_MS);
    }
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private async sync(): Promise<void> {
    const asked = performance.now();
    const now = await this.time.now();
    this.clock.follow(now + (performance.now() - asked) / 2);
  }
}
