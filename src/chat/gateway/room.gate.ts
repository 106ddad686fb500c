import { Inject, Injectable } from '@nestjs/common';

import type { RaidView } from '../../protocol/views.js';
import { AddressBans } from '../../auth/address-bans/address-bans.service.js';
import { Identity } from '../../auth/identity.js';
import { OriginPolicy } from '../../auth/origin-policy.js';
import { Clock } from '../../common/clock.js';
import { Draining } from '../../common/draining.js';
import { DomainError } from '../../common/errors.js';
import { isStaff, speakerOf, type Viewer } from '../../common/viewer.js';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import { HandshakeLimiter } from '../../realtime/handshake-limiter.js';
import { Seats } from '../../realtime/cluster/seats.js';
import type { Gate, Handshake } from '../../realtime/room-ws.adapter.js';
import type { Sanction } from '../log/sanction.entity.js';
import type { Warning } from '../log/warning.entity.js';
import { WarningsRepository } from '../log/warnings.repository.js';
import { SanctionsRepository } from '../log/sanctions.repository.js';
import { askedIn, type PollStanding } from '../polls/open-poll.js';
import { PollTally } from '../polls/poll.tally.js';
import { PollsRepository } from '../polls/polls.repository.js';
import { RoomRaids } from '../raids/room.raids.js';
import type { LiveRoom } from '../rooms/live-room.js';
import { LiveRooms } from '../rooms/live-rooms.js';
import type { Room } from '../rooms/room.entity.js';
import { RoomsService } from '../rooms/rooms.service.js';

/** A viewer admitted to a room, and where they were. */
export interface Seat {
  readonly viewer: Viewer;
  readonly live: LiveRoom;
  /** To be called when the socket is open and counted. */
  readonly arrived: () => void;
  /** The last seq the client has; null for a fresh start. */
  readonly after: number | null;
  readonly epoch: string | null;
  /** When the viewer may write again, in milliseconds since 1970. */
  readonly timedOutUntil: number | null;
  /** What the viewer has to acknowledge here. */
  readonly warnings: readonly Warning[];
  /** How what the room is being asked stands. */
  readonly poll: PollStanding | null;
  /** Where the room's viewers are being led by now. */
  readonly raid: () => RaidView | null;
}

/** One of the server's staff, admitted to what is told to them alone. */
export type StaffSeat = Pick<Seat, 'viewer' | 'arrived'>;

/** Who may open a socket in which room: everything is decided here, before the 101. */
@Injectable()
export class RoomGate implements Gate {
  private readonly limiter: HandshakeLimiter;

  constructor(
    @Inject(APP_CONFIG) config: AppConfig,
    private readonly identity: Identity,
    private readonly origin: OriginPolicy,
    private readonly rooms: RoomsService,
    private readonly live: LiveRooms,
    private readonly sanctions: SanctionsRepository,
    private readonly warnings: WarningsRepository,
    private readonly polls: PollsRepository,
    private readonly tally: PollTally,
    private readonly raids: RoomRaids,
    private readonly addresses: AddressBans,
    private readonly seats: Seats,
    private readonly draining: Draining,
    private readonly clock: Clock,
  ) {
    this.limiter = new HandshakeLimiter(config.maxHandshakesPerSecond);
  }

  async admit({ request, door, params, query }: Handshake): Promise<Seat | StaffSeat> {
    if (!this.origin.accepts(request.headers.origin)) {
      throw new DomainError('csrf');
    }
    if (['room', 'after', 'epoch'].some((name) => query.getAll(name).length > 1)) {
      throw new DomainError('frame.invalid');
    }
    this.refuseWhenDraining();
    await this.limiter.turn();
    const viewer = await this.identity.identify(request);
    if (door.kind === 'staff') {
      return this.admitStaff(viewer);
    }
    const room = await this.roomAt(viewer, door.kind, params['clientId'], query.get('room'));
    this.seats.checkHere(viewer);
    const after = query.get('after');
    if (after !== null && !/^\d{1,15}$/.test(after)) {
      throw new DomainError('frame.invalid', { fields: { after: 'field.seq' } });
    }
    const live = await this.live.open(room.id);
    // After the room is open: whoever is banned from now on is seen by it.
    const sanctions = await this.requireNotBanned(viewer, room.id);
    const speaker = speakerOf(viewer);
    const warnings = speaker ? await this.warnings.open(speaker.id, room.id) : [];
    if (speaker) {
      live.silences.know(speaker.id, sanctions, warnings.length > 0);
    }
    return {
      viewer,
      live,
      timedOutUntil: timedOutUntil(sanctions),
      warnings,
      poll: await this.pollFor(viewer, live),
      raid: () => this.raids.of(room.id),
      arrived: await this.seats.take(viewer),
      after: after === null ? null : Number(after),
      epoch: query.get('epoch'),
    };
  }

  private async pollFor(viewer: Viewer, { poll }: LiveRoom): Promise<PollStanding | null> {
    if (poll === null) {
      return null;
    }
    const speaker = speakerOf(viewer);
    const asked = askedIn(poll);
    return {
      id: asked.id,
      counts: await this.tally.of(asked),
      vote: speaker && (await this.polls.voteOf(asked.id, speaker.id)),
    };
  }

  private async admitStaff(viewer: Viewer): Promise<StaffSeat> {
    if (!isStaff(viewer)) {
      throw new DomainError(viewer.account ? 'auth.forbidden' : 'auth.required');
    }
    this.seats.checkHere(viewer);
    return { viewer, arrived: await this.seats.take(viewer) };
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
    const room = /^[0-9a-f-]{36}$/i.test(slug)
      ? await this.rooms.conversation(viewer, slug)
      : await this.rooms.find(viewer, slug);
    await this.requireNotBanned(viewer, room.id);
    await this.seats.check(viewer);
  }

  /** The same by what this node alone knows: handshakes that ran at the same time were each within the limit. */
  refuseTooMany(viewer: Viewer): void {
    this.seats.checkHere(viewer);
  }

  /** A socket of this viewer is gone, and counts no more. */
  left(viewer: Viewer): void {
    this.seats.tell(viewer);
  }

  /** Throws `user.banned`; answers what else holds against somebody. */
  private async requireNotBanned(viewer: Viewer, roomId: number): Promise<Sanction[]> {
    const account = speakerOf(viewer);
    if (this.addresses.shuts(viewer)) {
      throw new DomainError('user.banned');
    }
    const found = account ? await this.sanctions.inForce(account.id, roomId, this.clock.now()) : [];
    if (found.some(({ action }) => action === 'ban')) {
      throw new DomainError('user.banned');
    }
    return found;
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
        return this.sharedRoom(viewer, slug ?? 'main', 'stream');
      default:
        return this.sharedRoom(viewer, slug ?? 'lobby', 'chat');
    }
  }

  private async sharedRoom(viewer: Viewer, slug: string, kind: 'chat' | 'stream'): Promise<Room> {
    const open = this.live.shared(slug);
    return open?.kind === kind ? open : this.rooms.find(viewer, slug, kind);
  }

  private refuseWhenDraining(): void {
    if (this.draining.active) {
      throw new DomainError('server.draining', { retryAfterMs: 2000 });
    }
  }
}

/** Until when somebody is timed out, if they are. Who is hidden is not to find out. */
function timedOutUntil(sanctions: readonly Sanction[]): number | null {
  const told = sanctions.filter(({ action }) => action !== 'hide');
  return told.length > 0 ? Math.max(...told.map(({ until }) => until ?? 0)) : null;
}
