import { createHash } from 'node:crypto';

import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import { Clock } from '../../common/clock.js';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import type { ClearData } from '../../chat/log/entry.draft.js';
import type { Entry } from '../../chat/messages/entry.entity.js';
import { LiveRooms } from '../../chat/rooms/live-rooms.js';
import type { Prompt } from '../prompt/prompt.js';
import { ReadingsRepository, type ReadingKey } from './readings.repository.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const KEPT_DAYS = 7;
/** After these a message does not read as it did. */
const VOIDING = new Set<Entry['event']>(['message.removed', 'message.changed', 'message.restored']);

/** Something to be read that may have been made before. */
export interface Wanted extends ReadingKey {
  /** What the model would be told now; what was made from other words is not taken. */
  readonly prompt: Prompt;
}

/**
 * Translations and summaries that were made before. One counts only while the messages it was made from read as they did;
 * it is deleted as soon as one of them is edited or removed, and after a week.
 */
@Injectable()
export class ReadingsService implements OnModuleInit {
  private readonly log = new Logger('Ai');

  constructor(
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'retentionDays'>,
    private readonly repository: ReadingsRepository,
    private readonly rooms: LiveRooms,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.rooms.observe((entries) => entries.forEach((entry) => this.observe(entry)));
  }

  /** The text, or null when it has to be made. */
  async find(wanted: Wanted): Promise<string | null> {
    const known = await this.repository.find(wanted);
    return known?.source === hashOf(wanted.prompt) ? known.text : null;
  }

  async keep({ roomId, kind, fromSeq, upTo, locale, prompt }: Wanted, text: string): Promise<void> {
    const madeAt = this.clock.now();
    const source = hashOf(prompt);
    await this.repository.save({ roomId, kind, fromSeq, upTo, locale, source, text, madeAt });
  }

  /** Deletes what was made from a message. */
  forget(roomId: number, seq: number): Promise<void> {
    return this.repository.forget(roomId, seq, seq);
  }

  @Interval(60 * 60_000)
  async sweep(): Promise<void> {
    const days = Math.min(KEPT_DAYS, this.config.retentionDays ?? KEPT_DAYS);
    const oldest = this.clock.now() - days * DAY_MS;
    await this.repository.deleteOlderThan(oldest).catch((error: unknown) => this.log.error(error));
  }

  private observe({ event, roomId, seq, target, data }: Entry): void {
    if (target !== null && VOIDING.has(event)) {
      this.forget(roomId, target).catch((error: unknown) => this.log.error(error));
    } else if (event === 'user.deleted') {
      // Their name, and perhaps their words, were told to the model.
      this.repository.forget(roomId, 1, seq).catch((error: unknown) => this.log.error(error));
    } else if (event === 'room.cleared') {
      const { upTo }: ClearData = JSON.parse(data!);
      this.repository.forget(roomId, 1, upTo).catch((error: unknown) => this.log.error(error));
    }
  }
}

function hashOf({ messages }: Prompt): string {
  return createHash('sha256').update(JSON.stringify(messages)).digest('hex');
}
