import { randomUUID } from 'node:crypto';

import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import { Clock } from '../../common/clock.js';
import { Draining } from '../../common/draining.js';
import { SERVER } from '../../chat/log/draft.js';
import { LogWriter } from '../../chat/log/log.writer.js';
import type { Raid } from '../../chat/raids/raid.entity.js';
import { RaidsRepository } from '../../chat/raids/raids.repository.js';
import { RoomRaids } from '../../chat/raids/room.raids.js';
import { RoomsRepository } from '../../chat/rooms/rooms.repository.js';

/** So long after it is over people still go: large rooms go in turn, and each node writes them down within a second. */
export const ARRIVAL_MS = 6000;
/** A room that cannot be told by then is not. */
const GIVE_UP_MS = 5 * 60_000;
const KEPT_MS = 24 * 60 * 60_000;

/**
 * What becomes of a raid by itself: its time is up, and the other room is told who came. Every node looks; each step may be
 * done again, by any of them, and is in the log once.
 */
@Injectable()
export class RaidCourse {
  private readonly logger = new Logger('Raids');
  private isLooking = false;

  constructor(
    private readonly known: RoomRaids,
    private readonly raids: RaidsRepository,
    private readonly rooms: RoomsRepository,
    private readonly log: LogWriter,
    private readonly draining: Draining,
    private readonly clock: Clock,
  ) {}

  @Interval(1000)
  async look(): Promise<void> {
    if (this.isLooking || this.draining.active) {
      return;
    }
    this.isLooking = true;
    try {
      for (const raid of this.known.untold) {
        // One room that cannot be told must not keep the others waiting.
        await this.seeThrough(raid).catch((error: unknown) => this.logger.error(error));
      }
    } finally {
      this.isLooking = false;
    }
  }

  @Interval(60 * 60_000)
  async forget(): Promise<void> {
    await this.raids
      .forgetBefore(this.clock.now() - KEPT_MS)
      .catch((error: unknown) => this.logger.error(error));
  }

  private async seeThrough(raid: Raid): Promise<void> {
    const now = this.clock.now();
    const { closedAt, endsAt } = raid;
    if (closedAt === null && endsAt <= now) {
      await this.raids.close(raid.id, { closedAt: endsAt, stopped: false });
    } else if (closedAt !== null && closedAt + ARRIVAL_MS <= now) {
      if (closedAt + GIVE_UP_MS > now) {
        await this.tell(raid);
      }
      await this.raids.settle(raid.id, now);
    }
  }

  private async tell({ id, roomId, targetId }: Raid): Promise<void> {
    const people = await this.raids.countGoers(id);
    const from = await this.rooms.findById(roomId);
    if (people === 0 || !from) {
      return;
    }
    await this.log.write({
      type: 'room',
      roomId: targetId,
      id: randomUUID(),
      actor: SERVER,
      nonce: `raid-${id}`,
      changes: { raided: { from: { slug: from.slug, title: from.title }, people } },
    });
  }
}
