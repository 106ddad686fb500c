import { Injectable } from '@nestjs/common';

import { DomainError } from '../common/errors.js';
import { isStaff, type Account, type Viewer } from '../common/viewer.js';
import type { LiveRoom } from '../chat/rooms/live-room.js';
import { LiveRooms } from '../chat/rooms/live-rooms.js';
import { RoomsRepository } from '../chat/rooms/rooms.repository.js';
import { RoomsService } from '../chat/rooms/rooms.service.js';
import { UsersService } from '../users/users.service.js';
import type { Ranked } from './sanctions/sanction.policy.js';

/** A room, and who is at work in it, by their rank there. */
export interface AtWork {
  readonly live: LiveRoom;
  readonly account: Account;
  /** Where they work from, for the action log. */
  readonly address: string;
}

/** Who is staff where: a server's moderators and administrators everywhere, a room's moderators in their room. */
@Injectable()
export class StaffService {
  constructor(
    private readonly rooms: RoomsService,
    private readonly repository: RoomsRepository,
    private readonly live: LiveRooms,
    private readonly users: UsersService,
  ) {}

  /** Throws `not-found`, `auth.required`, or `auth.forbidden` for whoever is not staff in this room. */
  async at(viewer: Viewer, slug: string): Promise<AtWork> {
    const room = await this.rooms.findSpeakable(viewer, slug);
    return this.in(viewer, await this.live.open(room.id));
  }

  /** The same for a room that is open already. */
  in(viewer: Viewer, live: LiveRoom): AtWork {
    const here = live.viewerHere(viewer);
    if (here.account === null) {
      throw new DomainError('auth.required');
    }
    if (!isStaff(here)) {
      throw new DomainError('auth.forbidden');
    }
    return { live, account: here.account, address: viewer.address };
  }

  /** An administrator, for what holds on the whole server. */
  everywhere({ account }: Viewer): Account {
    if (account?.role !== 'admin') {
      throw new DomainError(account ? 'auth.forbidden' : 'auth.required');
    }
    return account;
  }

  /**
   * How somebody, named by their id or nickname, ranks in a room; with null on the server, where a moderator of any room
   * is one. Throws `not-found`.
   */
  async rankOf(
    person: string,
    live: LiveRoom | null,
  ): Promise<Ranked & { nickname: string; founder: boolean }> {
    const account = await this.users.findPerson(person);
    if (!account) {
      throw new DomainError('not-found');
    }
    const { id, nickname } = account;
    const role = live ? live.accountHere(account).role : await this.highestRole(account);
    return { id, nickname, role, founder: await this.users.isFounder(id) };
  }

  private async highestRole({ id, role }: Account): Promise<Ranked['role']> {
    const moderates = role === 'user' && (await this.repository.moderatedBy(id)).length > 0;
    return moderates ? 'moderator' : role;
  }
}
