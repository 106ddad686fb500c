import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';

import { CloseCode } from '../protocol/close-codes.js';
import { Draining } from '../common/draining.js';
import { Hub } from '../realtime/hub.js';
import { LiveRooms } from './rooms/live-rooms.js';
import { LogWriter } from './log/log.writer.js';

const SPREAD_PER_SOCKET_MS = 2;
/** Long enough for whoever probes or reconnects at once to be told, not to find a closed door. */
const SHORTEST_SPREAD_MS = 500;
const LONGEST_SPREAD_MS = 8000;
const CLOSING_MS = 3000;

/**
 * Leaves in order: no new sockets, everybody is told to reconnect, spread over a while, and served meanwhile; then what
 * has been accepted is committed and acknowledged, and who is still here is closed with 1012. Nest would cut the
 * connections right after this hook.
 */
@Injectable()
export class DrainService implements BeforeApplicationShutdown {
  constructor(
    private readonly hub: Hub,
    private readonly draining: Draining,
    private readonly log: LogWriter,
    private readonly rooms: LiveRooms,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    this.draining.begin();
    const spreadMs = Math.min(
      LONGEST_SPREAD_MS,
      Math.max(SHORTEST_SPREAD_MS, this.hub.size * SPREAD_PER_SOCKET_MS),
    );
    for (const connection of this.hub.all()) {
      connection.send({ event: 'restart', data: { spreadMs } });
    }
    await this.hub.emptied(spreadMs);

    this.draining.close();
    await this.log.drain();
    for (const connection of this.hub.all()) {
      connection.close(CloseCode.Restart);
    }
    await this.hub.emptied(CLOSING_MS);
    for (const connection of this.hub.all()) {
      connection.terminate();
    }
    this.rooms.close();
  }
}
