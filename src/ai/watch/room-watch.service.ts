import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';

import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import type { Entry } from '../../chat/messages/entry.entity.js';
import { LiveRooms } from '../../chat/rooms/live-rooms.js';
import { ReportsService } from '../../moderation/reports/reports.service.js';
import { WatchChecks } from './watch.checks.js';

/** Words of somebody in a room, new or changed. */
interface Said {
  readonly roomId: number;
  /** The seq of the message. */
  readonly target: number;
  readonly text: string;
}

/**
 * Has a model look at what people say where the staff of a room want that: once it is stored, by the node that stored it. What it takes
 * exception to is reported to them. Staff and the AI are not looked at, nor who is hidden.
 */
@Injectable()
export class RoomWatch implements OnModuleInit {
  private readonly log = new Logger('Ai');

  constructor(
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'aiName'>,
    private readonly rooms: LiveRooms,
    private readonly checks: WatchChecks,
    private readonly reports: ReportsService,
  ) {}

  onModuleInit(): void {
    this.rooms.observe((entries) => {
      for (const entry of entries) {
        const settings = this.rooms.at(entry.roomId)?.settings;
        const said = settings?.aiWatch === 'flag' ? saidIn(entry) : null;
        if (settings && said) {
          this.look(said, settings.aiWatchAbove).catch((error: unknown) => this.log.error(error));
        }
      }
    });
  }

  private async look({ roomId, target, text }: Said, above: number): Promise<void> {
    const verdict = await this.checks.judge(text, above);
    if (typeof verdict === 'object' && !this.checks.isOver) {
      const { reason, score } = verdict;
      const by = { id: 'ai', nickname: this.config.aiName };
      await this.reports.flag(roomId, target, by, { text, reason, score });
    }
  }
}

/** What somebody who is not staff has said or changed for everybody to read; null: nothing. */
function saidIn({ roomId, seq, event, kind, authorRole, audience, target, text }: Entry): Said | null {
  const isPerson = authorRole === 'user' || authorRole === 'guest';
  if (!isPerson || audience !== null || text === null) {
    return null;
  }
  if (event === 'message.posted' && kind === 'chat') {
    return { roomId, target: seq, text };
  }
  return event === 'message.changed' && target !== null ? { roomId, target, text } : null;
}
