import { setImmediate } from 'node:timers/promises';

import { Inject, Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';

import { Clock } from '../../common/clock.js';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import { EntriesRepository } from './entries.repository.js';
import { LiveRooms } from '../rooms/live-rooms.js';
import { RoomsRepository } from '../rooms/rooms.repository.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const CHUNK = 500;

/** So long staff can see what they removed, and bring it back. */
const REMOVED_DAYS = 30;

/**
 * Forgets what is older than `RETENTION_DAYS`: seqs are never used again, the log only begins later. The text of what was
 * removed is erased after 30 days in any case.
 */
@Injectable()
export class RetentionService {
  private readonly log = new Logger(RetentionService.name);

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly rooms: RoomsRepository,
    private readonly entries: EntriesRepository,
    private readonly live: LiveRooms,
    private readonly clock: Clock,
  ) {}

  @Cron(CronExpression.EVERY_HOUR)
  async sweep(): Promise<void> {
    const days = this.config.retentionDays;
    if (days === null) {
      return;
    }
    const oldest = this.clock.now() - days * DAY_MS;
    for (const room of await this.rooms.all()) {
      const first = (await this.entries.firstSince(room.id, oldest)) ?? room.head + 1;
      if (first > room.first) {
        // Said before it is done: nobody may be promised an entry that is about to go.
        await this.rooms.setFirst(room.id, first);
        this.live.keepFrom(room.id, first);
        await this.forget(room.id, first);
      }
    }
  }

  @Cron(CronExpression.EVERY_HOUR)
  async erase(): Promise<void> {
    const oldest = this.clock.now() - REMOVED_DAYS * DAY_MS;
    for (const { id } of await this.rooms.all()) {
      const removal = await this.entries.newestRemovalBefore(id, oldest);
      if (removal !== null) {
        await this.eraseUpTo(id, removal);
      }
    }
  }

  private async eraseUpTo(roomId: number, removal: number): Promise<void> {
    let chunk;
    do {
      chunk = await this.entries.eraseRemoved(roomId, removal, CHUNK);
      await setImmediate();
    } while (chunk === CHUNK);
  }

  private async forget(roomId: number, first: number): Promise<void> {
    let forgotten = 0;
    let chunk;
    do {
      chunk = await this.entries.deleteBelow(roomId, first, CHUNK);
      forgotten += chunk;
      await setImmediate();
    } while (chunk === CHUNK);
    this.log.log({ msg: 'forgotten', roomId, entries: forgotten });
  }
}
