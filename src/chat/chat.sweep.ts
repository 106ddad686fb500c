import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import { Hub } from '../realtime/hub.js';
import { LiveRooms } from './live-rooms.js';
import { PostingBudget } from './posting.budget.js';

/** Once a second for all sockets and rooms, in place of a timer for each. */
@Injectable()
export class ChatSweep {
  constructor(
    private readonly hub: Hub,
    private readonly rooms: LiveRooms,
    private readonly budget: PostingBudget,
  ) {}

  @Interval(1000)
  sweep(): void {
    const now = performance.now();
    for (const connection of this.hub.all()) {
      connection.sweep(now);
    }
    this.rooms.sweep(now);
  }

  @Interval(60_000)
  forget(): void {
    this.budget.sweep();
  }
}
