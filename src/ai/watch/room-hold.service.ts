import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import { Clock } from '../../common/clock.js';
import type { HeldMessage } from '../../chat/log/held-message.entity.js';
import { HeldMessagesRepository } from '../../chat/log/held-messages.repository.js';
import { HeldChecks } from '../../chat/messages/held.checks.js';
import { LiveRooms } from '../../chat/rooms/live-rooms.js';
import { HeldService } from '../../moderation/held/held.service.js';
import { AiSettings } from '../settings/ai.settings.js';
import { WatchChecks, type Verdict } from './watch.checks.js';

/** So long after its time a message is still left to the node that took it. */
export const SLACK_MS = 10_000;
const SWEEP_MS = 5000;

/**
 * Has messages wait until a model has looked at them where the staff of a room want that. What is below the threshold is posted, in the
 * order in which its author said it; the rest waits for staff. What could not be looked at in time goes as administrators have
 * set, also when the node that took it is gone.
 */
@Injectable()
export class RoomHold implements OnModuleInit {
  private readonly log = new Logger('Ai');
  /** What the newest message of an author in a room comes to. */
  private readonly newest = new Map<string, Promise<void>>();

  constructor(
    private readonly waiting: HeldChecks,
    private readonly messages: HeldMessagesRepository,
    private readonly held: HeldService,
    private readonly rooms: LiveRooms,
    private readonly checks: WatchChecks,
    private readonly settings: AiSettings,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.waiting.register((message) => this.take(message));
  }

  /** Settles what waits for a look that nobody is at any more. */
  @Interval(SWEEP_MS)
  async sweep(): Promise<void> {
    try {
      const before = this.clock.now() - this.settings.now.watchMs - SLACK_MS;
      for (const message of await this.messages.uncheckedBefore(before)) {
        await this.settle(message, 'unchecked');
      }
    } catch (error) {
      this.log.error(error);
    }
  }

  private take(message: HeldMessage): void {
    const author = `${message.roomId} ${message.userId}`;
    const done = this.check(message, this.newest.get(author))
      .catch((error: unknown) => this.log.error(error))
      .finally(() => {
        if (this.newest.get(author) === done) {
          this.newest.delete(author);
        }
      });
    this.newest.set(author, done);
  }

  private async check(message: HeldMessage, before: Promise<void> | undefined): Promise<void> {
    const { roomId, text } = message;
    const patience = AbortSignal.timeout(this.settings.now.watchMs);
    const { settings } = await this.rooms.open(roomId);
    const verdict = await this.checks.judge(text ?? '', settings.aiWatchAbove, patience);
    await before;
    if (!this.checks.isOver) {
      await this.settle(message, verdict);
    }
  }

  private async settle(message: HeldMessage, verdict: Verdict): Promise<void> {
    const passes =
      verdict === 'below' || (verdict === 'unchecked' && this.settings.now.watchFailure === 'show');
    if (passes && (await this.held.release(message))) {
      return;
    }
    const isScored = typeof verdict === 'object';
    await this.held.keep(
      message,
      isScored ? { why: 'ai', ...verdict } : { why: 'unchecked', reason: null, score: null },
    );
  }
}
