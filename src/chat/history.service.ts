import { Injectable } from '@nestjs/common';

import type { EntryFrame } from '../protocol/frames.js';
import { Metrics } from '../common/metrics.js';
import type { Viewer } from '../common/viewer.js';
import type { LogFrame } from '../realtime/ring.js';
import type { Entry } from './entry.entity.js';
import { presentFor } from './entry.presenter.js';
import type { LiveRoom } from './live-room.js';
import { LiveRooms } from './live-rooms.js';
import type { Room } from './room.entity.js';

export interface PageQuery {
  readonly before?: number | undefined;
  readonly after?: number | undefined;
  readonly limit?: number | undefined;
}

export interface Page {
  /** Ascending. */
  readonly frames: LogFrame<Entry>[];
  /** Whether there is more in the direction asked. */
  readonly more: boolean;
}

const DEFAULT_LIMIT = 50;

/** Pages of a room's log. Seqs are dense, so a page is a range, and costs the same at any depth. */
@Injectable()
export class HistoryService {
  constructor(
    private readonly rooms: LiveRooms,
    private readonly metrics: Metrics,
  ) {}

  /** `before` and `after` are exclusive; with neither, the newest. */
  async page(live: LiveRoom, { before, after, limit = DEFAULT_LIMIT }: PageQuery): Promise<Page> {
    const { first } = live.room;
    if (after !== undefined) {
      this.metrics.gapFills.inc();
      const frames = await live.channel.page(Math.max(after + 1, first), limit);
      return { frames, more: (frames.at(-1)?.seq ?? Infinity) < live.channel.head };
    }
    const end = Math.min(before ?? Infinity, live.channel.head + 1);
    const start = Math.max(first, end - limit);
    const frames = start < end ? await live.channel.page(start, end - start) : [];
    return { frames, more: start > first };
  }

  /** The same page as one viewer may see it. */
  async pageFor(
    viewer: Viewer,
    room: Room,
    query: PageQuery,
  ): Promise<{ entries: EntryFrame[]; more: boolean }> {
    const { frames, more } = await this.page(await this.rooms.open(room.id), query);
    return { entries: frames.map(({ entry }) => presentFor(viewer, entry)), more };
  }

  /** The newest entries and where the log stands, for a page that renders before its socket is open. */
  async newest(viewer: Viewer, room: Room, limit = DEFAULT_LIMIT) {
    const live = await this.rooms.open(room.id);
    const { entries, more } = await this.pageFor(viewer, room, { limit });
    const { epoch, first } = live.room;
    return { entries, more, head: live.channel.head, first, epoch };
  }
}
