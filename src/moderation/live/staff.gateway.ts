import { WebSocketGateway, type OnGatewayConnection } from '@nestjs/websockets';
import type { WebSocket } from 'ws';

import { Metrics } from '../../common/metrics.js';
import { RoomGate, type StaffSeat } from '../../chat/gateway/room.gate.js';
import { Hub } from '../../realtime/hub.js';
import { RoomSocket } from '../../realtime/room-socket.js';
import type { Admission } from '../../realtime/room-ws.adapter.js';
import { StaffNews } from './staff.news.js';

/** What happens on the whole server, for its staff: `/ws/staff`. It has no log; who comes back asks for what there is. */
@WebSocketGateway({ path: '/ws/staff', kind: 'staff' })
export class StaffGateway implements OnGatewayConnection<WebSocket> {
  constructor(
    private readonly hub: Hub,
    private readonly gate: RoomGate,
    private readonly news: StaffNews,
    private readonly metrics: Metrics,
  ) {}

  /** Never throws: nothing above would catch it. */
  handleConnection(ws: WebSocket, admission?: Admission<StaffSeat>): void {
    if (!admission) {
      ws.terminate();
      return;
    }
    const { seat, raw } = admission;
    const socket = new RoomSocket<never>(
      ws,
      raw,
      seat.viewer,
      () => false,
      () => 0,
      (code) => this.metrics.refusals.inc({ code }),
      (code) => this.metrics.closes.inc({ code }),
    );
    this.hub.add(socket);
    seat.arrived();
    this.metrics.sockets.inc({ kind: 'staff' });
    ws.once('close', () => {
      this.news.leave(socket);
      this.hub.remove(socket);
      this.gate.left(seat.viewer);
      this.metrics.sockets.dec({ kind: 'staff' });
    });
    this.news.enter(socket);
  }
}
