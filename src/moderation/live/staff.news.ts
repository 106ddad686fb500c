import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import type { ServerFrame } from '../../protocol/frames.js';
import type { FiguresView } from '../../protocol/views.js';
import { hasRole, isStaff } from '../../common/viewer.js';
import { LiveRooms } from '../../chat/rooms/live-rooms.js';
import { RoomsRepository } from '../../chat/rooms/rooms.repository.js';
import { Bus } from '../../realtime/bus/bus.js';
import { Hub } from '../../realtime/hub.js';
import type { RoomSocket } from '../../realtime/room-socket.js';

const TOPIC = 'staff';
/** How soon a changed figure is shown; nobody counts when nobody looks. */
const COUNT_EVERY_MS = 2000;

interface News {
  readonly frame: ServerFrame;
  /** It concerns the whole server. */
  readonly forAdmins: boolean;
}

/** What the server's staff are shown while they look at their pages, on whatever node they and it are. */
@Injectable()
export class StaffNews {
  private readonly log = new Logger(StaffNews.name);
  private readonly sockets = new Set<RoomSocket<never>>();
  /** As last shown. */
  private figures = '';

  constructor(
    private readonly bus: Bus,
    private readonly rooms: RoomsRepository,
    private readonly live: LiveRooms,
    private readonly hub: Hub,
  ) {
    bus.subscribe<News>(TOPIC, (news) => this.show(news));
  }

  /** Shows somebody all that comes; first how things stand. */
  enter(socket: RoomSocket<never>): void {
    this.sockets.add(socket);
    this.count(socket);
  }

  leave(socket: RoomSocket<never>): void {
    this.sockets.delete(socket);
  }

  /** With `forAdmins` moderators are not shown it. */
  tell(frame: ServerFrame, forAdmins: boolean): void {
    this.show({ frame, forAdmins });
    this.bus.publish(TOPIC, { frame, forAdmins } satisfies News);
  }

  /** Shows the figures to those who look, if they have changed; to a newcomer in any case. */
  @Interval(COUNT_EVERY_MS)
  count(newcomer?: RoomSocket<never>): void {
    if (this.sockets.size > 0) {
      this.showFigures(newcomer).catch((error: unknown) => this.log.error(error));
    }
  }

  private async showFigures(newcomer?: RoomSocket<never>): Promise<void> {
    const data = await this.counted();
    const figures = JSON.stringify(data);
    if (figures !== this.figures) {
      this.figures = figures;
      this.show({ frame: { event: 'staff.figures', data }, forAdmins: false });
    } else {
      newcomer?.send({ event: 'staff.figures', data });
    }
  }

  private async counted(): Promise<FiguresView> {
    const rooms = (await this.rooms.listShared({ archived: false })).map(({ id, slug }) => ({
      slug,
      count: this.live.presenceOf(id).count,
    }));
    const people = rooms.reduce((sum, { count }) => sum + count, 0);
    return { people, sockets: this.hub.size, rooms };
  }

  /** Who has lost the role meanwhile is shown nothing. */
  private show({ frame, forAdmins }: News): void {
    for (const socket of this.sockets) {
      if (forAdmins ? hasRole(socket.viewer, 'admin') : isStaff(socket.viewer)) {
        socket.send(frame);
      }
    }
  }
}
