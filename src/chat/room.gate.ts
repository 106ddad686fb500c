import { Inject, Injectable } from '@nestjs/common';

import { Identity } from '../auth/identity.js';
import { OriginPolicy } from '../auth/origin-policy.js';
import { Draining } from '../common/draining.js';
import { DomainError } from '../common/errors.js';
import type { Viewer } from '../common/viewer.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { HandshakeLimiter } from '../realtime/handshake-limiter.js';
import { Hub } from '../realtime/hub.js';
import type { Gate, Handshake } from '../realtime/room-ws.adapter.js';
import type { LiveRoom } from './live-room.js';
import { LiveRooms } from './live-rooms.js';
import type { Room } from './room.entity.js';
import { RoomsService } from './rooms.service.js';

/** A viewer admitted to a room, and where they were. */
export interface Seat {
  readonly viewer: Viewer;
  readonly live: LiveRoom;
  /** The last seq the client has; null for a fresh start. */
  readonly after: number | null;
  readonly epoch: string | null;
}

/** Who may open a socket in which room: everything is decided here, before the 101. */
@Injectable()
export class RoomGate implements Gate {
  private readonly limiter: HandshakeLimiter;

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly identity: Identity,
    private readonly origin: OriginPolicy,
    private readonly rooms: RoomsService,
    private readonly live: LiveRooms,
    private readonly hub: Hub,
    private readonly draining: Draining,
  ) {
    this.limiter = new HandshakeLimiter(config.maxHandshakesPerSecond);
  }

  async admit({ request, door, params, query }: Handshake): Promise<Seat> {
    if (!this.origin.accepts(request.headers.origin)) {
      throw new DomainError('csrf');
    }
    if (['room', 'after', 'epoch'].some((name) => query.getAll(name).length > 1)) {
      throw new DomainError('frame.invalid');
    }
    this.refuseWhenDraining();
    await this.limiter.turn();
    const viewer = await this.identity.identify(request);
    const room = await this.roomAt(viewer, door.kind, params['clientId'], query.get('room'));
    this.refuseTooMany(viewer);
    const after = query.get('after');
    if (after !== null && !/^\d{1,15}$/.test(after)) {
      throw new DomainError('frame.invalid', { fields: { after: 'field.seq' } });
    }
    return {
      viewer,
      live: await this.live.open(room.id),
      after: after === null ? null : Number(after),
      epoch: query.get('epoch'),
    };
  }

  /**
   * The same checks for a page that wants to know why its socket did not open. `origin` is where the page says it is:
   * a browser sends no Origin with a page's own GET.
   */
  async check(viewer: Viewer, slug: string, origin: string | undefined): Promise<void> {
    if (!this.origin.accepts(origin)) {
      throw new DomainError('csrf');
    }
    this.refuseWhenDraining();
    if (/^[0-9a-f-]{36}$/i.test(slug)) {
      await this.rooms.conversation(viewer, slug);
    } else {
      await this.rooms.find(viewer, slug);
    }
    this.refuseTooMany(viewer);
  }

  /** Throws `rate.limited` when the person or their address already has all the sockets it may have. */
  refuseTooMany({ account, address }: Viewer): void {
    const { maxSocketsPerUser, maxSocketsPerAddress } = this.config;
    const ofUser = account ? this.hub.countOfUser(account.id) : 0;
    if (ofUser >= maxSocketsPerUser || this.hub.countOfAddress(address) >= maxSocketsPerAddress) {
      throw new DomainError('rate.limited', { retryAfterMs: 10_000 });
    }
  }

  private roomAt(
    viewer: Viewer,
    kind: string,
    clientId: string | undefined,
    slug: string | null,
  ): Promise<Room> {
    switch (kind) {
      case 'assistant':
        return this.rooms.conversation(viewer, clientId ?? '');
      case 'stream':
        return this.rooms.find(viewer, slug ?? 'main', 'stream');
      default:
        return this.rooms.find(viewer, slug ?? 'lobby', 'chat');
    }
  }

  private refuseWhenDraining(): void {
    if (this.draining.active) {
      throw new DomainError('server.draining', { retryAfterMs: 2000 });
    }
  }
}
