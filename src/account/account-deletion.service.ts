import { randomUUID } from 'node:crypto';

import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import { ConversationsService } from '../ai/conversations/conversations.service.js';
import { AuthService } from '../auth/auth.service.js';
import { SessionsService, type Signed } from '../auth/sessions.service.js';
import type { Actor } from '../chat/log/draft.js';
import { LogWriter } from '../chat/log/log.writer.js';
import { RoomsRepository } from '../chat/rooms/rooms.repository.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import type { LeftBehind } from '../users/user.entity.js';
import { UsersService } from '../users/users.service.js';
import { DeparturesRepository } from './departures.repository.js';

/** So long what was on its way when the account went is still looked for. */
const SETTLED_MS = 60_000;
/** The server itself. */
const NOBODY: Actor = { id: '', nickname: '', role: 'ai' };

/**
 * Deleting one's account. From the first step on it is nobody's: its name is free, its sessions have ended. The rest is
 * done before the person is answered, and again by a sweep, so that neither a crash nor a message that was on its way
 * leaves anything behind.
 */
@Injectable()
export class AccountDeletion {
  private readonly log = new Logger(AccountDeletion.name);

  constructor(
    private readonly auth: AuthService,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly rooms: RoomsRepository,
    private readonly departures: DeparturesRepository,
    private readonly conversations: ConversationsService,
    private readonly writer: LogWriter,
    private readonly clock: Clock,
  ) {}

  /**
   * Deletes the viewer's account; what they said in rooms stays without a name, or goes. Throws `frame.invalid` for another
   * password than theirs, and `auth.forbidden` for the last administrator.
   */
  async delete(viewer: Signed, password: string, messages: LeftBehind): Promise<void> {
    await this.auth.confirm(viewer, password, 'currentPassword');
    const { id } = viewer.account;
    await this.users.leave(id, messages);
    await this.sessions.endAll(id);
    await this.carryOut(id, messages);
  }

  /** Goes on with what was begun, and ends it once nothing can be on its way any more. */
  @Interval(60_000)
  async sweep(): Promise<void> {
    try {
      for (const { id, messages, leftAt } of await this.users.leaving()) {
        const isSettled = leftAt < this.clock.now() - SETTLED_MS;
        await this.sessions.endAll(id);
        await this.carryOut(id, messages);
        if (isSettled) {
          await this.users.remove(id);
        }
      }
    } catch (error) {
      this.log.error(error);
    }
  }

  private async carryOut(id: string, messages: LeftBehind): Promise<void> {
    for (const { id: roomId } of await this.rooms.listShared({ archived: true })) {
      if (await this.departures.isNamedIn(roomId, id)) {
        await this.leaveRoom(roomId, id, messages);
      }
    }
    await this.conversations.deleteAllOf(id);
    await this.departures.forget(id, messages === 'remove');
  }

  private async leaveRoom(roomId: number, id: string, messages: LeftBehind): Promise<void> {
    const outcome = await this.writer.append({
      type: 'leave',
      roomId,
      id: randomUUID(),
      actor: NOBODY,
      nonce: null,
      user: { id },
      removesMessages: messages === 'remove',
    });
    if (outcome.status !== 'stored') {
      throw new DomainError('storage.busy');
    }
  }
}
