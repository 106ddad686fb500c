import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';

import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import { Bus } from '../../realtime/bus/bus.js';
import { LiveRooms } from './live-rooms.js';
import { RoomsRepository } from './rooms.repository.js';

/** How often the database is asked, with and without a bus that can be trusted. */
const POLL_MS = 1000;
const DOUBTFUL_POLL_MS = 250;
/** Ids in one question. */
const CHUNK = 10_000;

/**
 * Asks the database how far the logs of the open rooms go, for what no other node's message said. With it a bus that
 * loses messages, or lies, costs latency and nothing else. A server that has its database for itself needs none of it.
 */
@Injectable()
export class HeadPoll implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('Bus');
  private timer: NodeJS.Timeout | undefined;
  private running = false;
  private last = -Infinity;
  private isFailing = false;

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly bus: Bus,
    private readonly live: LiveRooms,
    private readonly rooms: RoomsRepository,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.database.type === 'postgres' || this.config.redisUrl !== null) {
      this.timer = setInterval(() => void this.poll(), DOUBTFUL_POLL_MS);
      this.live.onMissed(() => {
        this.last = -Infinity;
        void this.poll();
      });
    }
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private async poll(): Promise<void> {
    const since = performance.now() - this.last;
    // A tick may be a little early.
    if (this.running || (this.bus.isTrusted && since < POLL_MS - DOUBTFUL_POLL_MS / 2)) {
      return;
    }
    this.running = true;
    this.last = performance.now();
    try {
      const ids = this.live.ids;
      for (let from = 0; from < ids.length; from += CHUNK) {
        const asked = ids.slice(from, from + CHUNK);
        this.live.compare(asked, await this.rooms.standing(asked));
      }
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing) {
        this.isFailing = true;
        this.log.warn({ msg: 'the heads of the rooms could not be read', why: String(error) });
      }
    } finally {
      this.running = false;
    }
  }
}
