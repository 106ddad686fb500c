import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import { Clock } from '../common/clock.js';
import { Hub } from '../realtime/hub.js';
import { SaidTextsRepository } from './log/said-texts.repository.js';
import { DUPLICATE_MS } from './log/standing.js';
import { LiveRooms } from './rooms/live-rooms.js';
import { PostingBudget } from './messages/posting.budget.js';

/** Once a second for all sockets and rooms, in place of a timer for each. */
@Injectable()
export class ChatSweep {
  constructor(
    private readonly hub: Hub,
    private readonly rooms: LiveRooms,
    private readonly budget: PostingBudget,
    private readonly said: SaidTextsRepository,
    private readonly clock: Clock,
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
  async forget(): Promise<void> {
    this.budget.sweep();
    await this.said.forgetBefore(this.clock.now() - DUPLICATE_MS);
  }
}
