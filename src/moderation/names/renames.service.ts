import { randomUUID } from 'node:crypto';

import { Injectable, type OnModuleInit } from '@nestjs/common';

import type { ServerFrame } from '../../protocol/frames.js';
import { Clock } from '../../common/clock.js';
import { LiveRooms } from '../../chat/rooms/live-rooms.js';
import { Bus } from '../../realtime/bus/bus.js';
import { UsersService } from '../../users/users.service.js';
import { StaffNews } from '../live/staff.news.js';

const TOPIC = 'renames';

interface Renamed {
  readonly userId: string;
  readonly frame: ServerFrame;
}

/** Tells staff that somebody has another name: those of the rooms where that person is, and those of the server. */
@Injectable()
export class RenamesService implements OnModuleInit {
  constructor(
    private readonly users: UsersService,
    private readonly live: LiveRooms,
    private readonly news: StaffNews,
    private readonly bus: Bus,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.bus.subscribe<Renamed>(TOPIC, (renamed) => this.show(renamed));
    this.users.observeRenames(({ id, nickname }, from) => {
      const at = new Date(this.clock.now()).toISOString();
      const data = { id: randomUUID(), user: { id, nickname }, from, at };
      const renamed: Renamed = { userId: id, frame: { event: 'person.renamed', data } };
      this.show(renamed);
      this.bus.publish(TOPIC, renamed);
      this.news.tell(renamed.frame, false);
    });
  }

  /** Each node for the rooms where the person has a socket on it. */
  private show({ userId, frame }: Renamed): void {
    this.live.tellStaffAround(userId, frame);
  }
}
