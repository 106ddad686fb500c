import { randomUUID } from 'node:crypto';

import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import { Clock } from '../../common/clock.js';
import { Draining } from '../../common/draining.js';
import { SERVER } from '../../chat/log/draft.js';
import { LogWriter } from '../../chat/log/log.writer.js';
import { EntriesRepository } from '../../chat/messages/entries.repository.js';
import type { Timer } from './timer.entity.js';
import { TimersRepository } from './timers.repository.js';

const MINUTE_MS = 60_000;

/**
 * Says what is due. Every node looks; the nonce is made of the timer and the time it was due, so that each time is said
 * once, whichever nodes look and whoever of them ends between saying it and writing down that it was said.
 */
@Injectable()
export class TimersRunner {
  private readonly log = new Logger(TimersRunner.name);
  private running = false;

  constructor(
    private readonly timers: TimersRepository,
    private readonly entries: EntriesRepository,
    private readonly writer: LogWriter,
    private readonly draining: Draining,
    private readonly clock: Clock,
  ) {}

  @Interval(5000)
  async look(): Promise<void> {
    if (this.running || this.draining.active) {
      return;
    }
    this.running = true;
    try {
      for (const timer of await this.timers.due(this.clock.now())) {
        await this.say(timer);
      }
    } catch (error) {
      // The next look finds what this one left.
      this.log.warn({ msg: 'timed messages were not said', why: String(error) });
    } finally {
      this.running = false;
    }
  }

  private async say(timer: Timer): Promise<void> {
    const { roomId, id, text, minutes, messages, dueAt, lastSeq } = timer;
    const said = messages === 0 ? 0 : await this.entries.countSaid(roomId, lastSeq, messages);
    if (said < messages) {
      return;
    }
    const outcome = await this.writer.append({
      type: 'post',
      kind: 'system',
      roomId,
      id: randomUUID(),
      actor: SERVER,
      nonce: `timer-${id}-${dueAt}`,
      text,
      replyTo: null,
    });
    const next = { dueAt: Math.max(this.clock.now(), dueAt) + minutes * MINUTE_MS };
    switch (outcome.status) {
      case 'stored':
        await this.timers.postpone(timer, { ...next, lastSeq: outcome.entry.seq });
        break;
      case 'dup':
        await this.timers.postpone(timer, { ...next, lastSeq: outcome.seq });
        break;
      default:
        // The room is closed, or is no more.
        await this.timers.postpone(timer, next);
    }
  }
}
