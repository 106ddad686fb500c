import { Injectable } from '@nestjs/common';

import type { EntryFrame } from '../../protocol/frames.js';
import { Metrics } from '../../common/metrics.js';
import type { Viewer } from '../../common/viewer.js';
import type { LogFrame } from '../../realtime/ring.js';
import type { Entry } from './entry.entity.js';
import { presentFor } from './entry.presenter.js';
import type { LiveRoom } from '../rooms/live-room.js';
import { LiveRooms } from '../rooms/live-rooms.js';
import type { Room } from '../rooms/room.entity.js';

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

  /** `before` and `after` are exclusive; with neither, the newest. The viewer is as they rank in the room. */
  async page(
    live: LiveRoom,
    viewer: Viewer,
    { before, after, limit = DEFAULT_LIMIT }: PageQuery,
  ): Promise<Page> {
    const { first } = live.room;
    const channel = live.channelFor(viewer);
    if (after !== undefined) {
      this.metrics.gapFills.inc();
      const frames = await channel.page(Math.max(after + 1, first), limit);
      return { frames, more: (frames.at(-1)?.seq ?? Infinity) < channel.head };
    }
    const end = Math.min(before ?? Infinity, channel.head + 1);
    // Whoever asks for nothing in particular is shown the present event; what was before is there for who asks for it.
    const floor = before === undefined ? Math.max(first, live.sessionFor(viewer)?.firstSeq ?? 0) : first;
    const start = Math.max(floor, end - limit);
    const frames = start < end ? await channel.page(start, end - start) : [];
    return { frames, more: start > floor };
  }

  /** The same page as one viewer may see it. */
  async pageFor(
    viewer: Viewer,
    room: Room,
    query: PageQuery,
  ): Promise<{ entries: EntryFrame[]; more: boolean }> {
    const live = await this.rooms.open(room.id);
    const here = live.viewerHere(viewer);
    const { frames, more } = await this.page(live, here, query);
    return { entries: frames.map(({ entry }) => presentFor(here, entry)), more };
  }

  /** The newest entries and where the log stands, for a page that renders before its socket is open. */
  async newest(viewer: Viewer, room: Room, limit = DEFAULT_LIMIT) {
    const live = await this.rooms.open(room.id);
    const { entries, more } = await this.pageFor(viewer, room, { limit });
    const { epoch, first } = live.room;
    const here = live.viewerHere(viewer);
    const { head } = live.channelFor(here);
    return { entries, more, head, first, epoch, session: live.sessionFor(here) };
  }
}
