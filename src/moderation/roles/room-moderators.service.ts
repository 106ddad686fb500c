import { randomUUID } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import type { UserView } from '../../protocol/views.js';
import { DomainError } from '../../common/errors.js';
import type { Viewer } from '../../common/viewer.js';
import { LogWriter } from '../../chat/log/log.writer.js';
import { RoomsRepository } from '../../chat/rooms/rooms.repository.js';
import { RoomsService } from '../../chat/rooms/rooms.service.js';
import { signedIn } from '../../auth/sessions.service.js';
import { presentUser } from '../../users/user.presenter.js';
import { UsersService } from '../../users/users.service.js';

/** Moderators of one room. Who becomes one is one at once, in the sockets they have open. */
@Injectable()
export class RoomModeratorsService {
  constructor(
    private readonly rooms: RoomsService,
    private readonly repository: RoomsRepository,
    private readonly users: UsersService,
    private readonly log: LogWriter,
  ) {}

  async list(viewer: Viewer, slug: string): Promise<UserView[]> {
    const room = await this.rooms.findSpeakable(viewer, slug);
    const accounts = await this.users.findAccounts(await this.repository.moderatorIds(room.id));
    return accounts.map((account) => presentUser(account));
  }

  /** Gives or takes the role in this room, by id or nickname; what is so already stays. Throws `not-found`. */
  async set(viewer: Viewer, slug: string, person: string, role: 'moderator' | 'user'): Promise<void> {
    const { account, address } = signedIn(viewer);
    const room = await this.rooms.findSpeakable(viewer, slug);
    const target = await this.users.findPerson(person);
    if (!target || target.guest) {
      throw new DomainError('not-found');
    }
    const isModerator = (await this.repository.moderatorIds(room.id)).includes(target.id);
    if (isModerator === (role === 'moderator')) {
      return;
    }
    await this.log.write({
      type: 'role',
      roomId: room.id,
      id: randomUUID(),
      nonce: null,
      actor: { id: account.id, nickname: account.nickname, role: account.role },
      from: address,
      user: { id: target.id, nickname: target.nickname },
      role,
    });
  }
}
