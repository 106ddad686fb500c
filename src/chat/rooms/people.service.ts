import { Injectable } from '@nestjs/common';

import type { UserView } from '../../protocol/views.js';
import { isStaff, type Account, type Viewer } from '../../common/viewer.js';
import { Census, MOST_NAMED } from '../../realtime/cluster/census.js';
import { presentUser } from '../../users/user.presenter.js';
import { UsersService } from '../../users/users.service.js';
import { EntriesRepository } from '../messages/entries.repository.js';
import type { LiveRoom } from './live-room.js';
import { LiveRooms } from './live-rooms.js';
import type { Room } from './room.entity.js';

const PAGE = 100;
/** So far back it is looked for guests who wrote, in entries; and so many are named. */
const RECENT = 5000;
const MOST_GUESTS = 200;
const RANK = { admin: 0, moderator: 1, user: 2 };

export interface PeoplePage {
  readonly people: UserView[];
  /** How many are here without an account. */
  readonly guests: number;
  readonly more: boolean;
  /** To staff, with the first page: guests who wrote in the room not long ago, here or gone. */
  readonly wrote?: UserView[];
}

/** Who is in a room now, on whatever node. */
@Injectable()
export class PeopleService {
  constructor(
    private readonly live: LiveRooms,
    private readonly census: Census,
    private readonly users: UsersService,
    private readonly entries: EntriesRepository,
  ) {}

  /** Staff first, then by name; of a crowd, some `MOST_NAMED` of them. Nicknames are as they are now. */
  async list(
    viewer: Pick<Viewer, 'account'>,
    room: Room,
    { q = '', after }: { q?: string; after?: string },
  ): Promise<PeoplePage> {
    const live = await this.live.open(room.id);
    const ids = new Set([...live.presence.people(), ...(await this.census.peopleElsewhere(room.id))]);
    const accounts = await this.users.findAccounts([...ids].slice(0, MOST_NAMED));
    const asked = q.trim().toLowerCase();
    const isAsked = ({ nickname }: Account) => nickname.toLowerCase().includes(asked);
    const people = accounts
      .map((account) => live.accountHere(account))
      .filter(isAsked)
      .sort(inOrder);
    const tellsGuests = after === undefined && isStaff(live.viewerHere(viewer));
    const start = people.findIndex(({ id }) => id === after) + 1;
    return {
      people: people.slice(start, start + PAGE).map((account) => presentUser(account)),
      guests: live.presence.guests + live.presence.elsewhere.guests,
      more: people.length > start + PAGE,
      ...(tellsGuests && {
        wrote: (await this.guestsIn(live)).filter(isAsked).map((one) => presentUser(one)),
      }),
    };
  }

  /** Those whose names are still theirs, by name. */
  private async guestsIn({ room, channel }: LiveRoom): Promise<Account[]> {
    const ids = await this.entries.guestsSaying(room.id, channel.head - RECENT, MOST_GUESTS);
    return (await this.users.findAccounts(ids)).sort(inOrder);
  }
}

function inOrder(a: Account, b: Account): number {
  return RANK[a.role] - RANK[b.role] || a.nickname.localeCompare(b.nickname) || a.id.localeCompare(b.id);
}
