import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import type { RaidView } from '../../protocol/views.js';
import { Clock } from '../../common/clock.js';
import { Draining } from '../../common/draining.js';
import { Bus } from '../../realtime/bus/bus.js';
import { LiveRooms } from '../rooms/live-rooms.js';
import type { Room } from '../rooms/room.entity.js';
import { RoomsRepository } from '../rooms/rooms.repository.js';
import type { Raid } from './raid.entity.js';
import { RaidsRepository } from './raids.repository.js';

const TOPIC = 'raids';

/** A raid whose time is not up, as the people of its room have been told. */
interface Shown {
  readonly raid: Raid;
  readonly to: RaidView['to'];
}

/**
 * Which rooms' viewers are being led where, as this node knows: what its people are told when one begins and when it is over,
 * and whoever comes meanwhile. The database says so; other nodes' word is a reason to ask it at once rather than within a second.
 */
@Injectable()
export class RoomRaids implements OnApplicationBootstrap {
  private readonly logger = new Logger('Raids');
  /** By room. */
  private readonly shown = new Map<number, Shown>();
  private unsettled: readonly Raid[] = [];
  private reading: Promise<void> = Promise.resolve();
  private isFailing = false;

  constructor(
    private readonly raids: RaidsRepository,
    private readonly rooms: RoomsRepository,
    private readonly live: LiveRooms,
    private readonly bus: Bus,
    private readonly draining: Draining,
    private readonly clock: Clock,
  ) {
    bus.subscribe<object>(
      TOPIC,
      () => void this.look(),
      () => void this.look(),
    );
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.look();
  }

  /** Those of which the other room has not been told yet, on however many nodes, as of the last look. */
  get untold(): readonly Raid[] {
    return this.unsettled;
  }

  /** Where the viewers of a room are being led; null: nowhere. */
  of(roomId: number): RaidView | null {
    const shown = this.shown.get(roomId);
    return shown && this.isOn(shown.raid) ? this.present(shown.raid, shown.to) : null;
  }

  /** The same as whoever starts it is answered. */
  present({ id, endsAt }: Raid, { slug, title, kind }: RaidView['to']): RaidView {
    const leftMs = Math.max(0, endsAt - this.clock.now());
    return { id, to: { slug, title, kind }, endsAt: new Date(endsAt).toISOString(), leftMs };
  }

  /** One has begun or is over: the people of this node have been told when it resolves, others are soon. */
  async news(): Promise<void> {
    await this.refresh();
    this.bus.publish(TOPIC, {});
  }

  @Interval(1000)
  async look(): Promise<void> {
    if (this.draining.closed) {
      return;
    }
    try {
      await this.refresh();
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing) {
        this.isFailing = true;
        this.logger.warn({ msg: 'raids could not be read', why: String(error) });
      }
    }
  }

  /** One after the other: what was read earlier must not be shown later. */
  private refresh(): Promise<void> {
    const before = this.reading;
    this.reading = (async () => {
      await before.catch(() => undefined);
      await this.read();
    })();
    return this.reading;
  }

  private async read(): Promise<void> {
    const untold = await this.raids.untold();
    const targets = new Map<number, Room>();
    for (const id of new Set(untold.map(({ targetId }) => targetId))) {
      const room = await this.rooms.findById(id);
      if (room) {
        targets.set(id, room);
      }
    }
    this.unsettled = untold;
    this.endOthers();
    for (const raid of untold) {
      const to = targets.get(raid.targetId);
      if (to && this.isOn(raid) && this.shown.get(raid.roomId)?.raid.id !== raid.id) {
        this.shown.set(raid.roomId, { raid, to });
        const data = this.present(raid, to);
        this.live.at(raid.roomId)?.sockets.sendAll({ event: 'raid.started', data });
      }
    }
  }

  /** Tells of those that are over. */
  private endOthers(): void {
    for (const [roomId, { raid }] of this.shown) {
      const now = this.unsettled.find(({ id }) => id === raid.id);
      if (now && this.isOn(now)) {
        continue;
      }
      // One that is settled already, while this node could not look, ended as its time says.
      const stopped = now?.stopped ?? raid.endsAt > this.clock.now();
      this.shown.delete(roomId);
      const data = { id: raid.id, ...(stopped && { stopped }) };
      this.live.at(roomId)?.sockets.sendAll({ event: 'raid.ended', data });
    }
  }

  private isOn({ closedAt, endsAt }: Raid): boolean {
    return closedAt === null && endsAt > this.clock.now();
  }
}
