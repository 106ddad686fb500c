import { randomUUID } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';

import type { FormerNameView, Role } from '../protocol/views.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import type { Account } from '../common/viewer.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { FormerNamesRepository } from './former-names.repository.js';
import { readNickname, usernameKey, type Nickname } from './name-rules.js';
import type { User } from './user.entity.js';
import { UsersRepository } from './users.repository.js';

/** The names somebody wants. */
export interface Names {
  username: string;
  nickname: string;
}

/**
 * A new name, and a correction of it. Who changes names to escape others finds no pleasure in it, and nobody waits weeks
 * for having mistyped.
 */
export const RENAMES = 2;
export const RENAMES_WINDOW_MS = 24 * 60 * 60_000;
/** So long nobody else can be taken for who had a name. */
export const NAME_KEPT_MS = 30 * 24 * 60 * 60_000;

/** Which names may be had, now and again. */
@Injectable()
export class NamesService {
  constructor(
    private readonly users: UsersRepository,
    private readonly former: FormerNamesRepository,
    private readonly clock: Clock,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** The nickname as it is stored. Throws `frame.invalid`, or `name.reserved` for anybody but an administrator. */
  requireNickname(raw: string, role: Role = 'user'): Nickname {
    const read = readNickname(raw, [this.config.aiName]);
    if (!read) {
      throw new DomainError('frame.invalid', { fields: { nickname: 'field.nickname' } });
    }
    if (read.reserved && role !== 'admin') {
      throw new DomainError('name.reserved', { fields: { nickname: 'field.reserved' } });
    }
    return read;
  }

  /**
   * Refuses names that may not be used (`frame.invalid`, `name.reserved`) or are taken (`name.taken`), each with its
   * field. Cheap, so it is asked before a password is hashed; making the account finds out for certain.
   */
  async requireFree({ username, nickname }: Names, role: Role = 'user'): Promise<void> {
    const { key } = this.requireNickname(nickname, role);
    const [sameUsername, sameNickname] = await Promise.all([
      this.users.findByUsernameKey(usernameKey(username)),
      this.users.findByNicknameKey(key).then((user) => user !== null || this.isKept(key, null)),
    ]);
    if (sameUsername || sameNickname) {
      throw new DomainError('name.taken', {
        fields: {
          ...(sameUsername && { username: 'field.taken' }),
          ...(sameNickname && { nickname: 'field.taken' }),
        },
      });
    }
  }

  /** Throws `name.taken` for somebody else's name, `name.cooldown` for who was renamed too often. */
  async requireRenamable({ id, role }: Pick<Account, 'id' | 'role'>, key: string): Promise<void> {
    const [namesake, isKept] = await Promise.all([this.users.findByNicknameKey(key), this.isKept(key, id)]);
    if (isKept || (namesake && namesake.id !== id)) {
      throw new DomainError('name.taken', { fields: { nickname: 'field.taken' } });
    }
    const since = this.clock.now() - RENAMES_WINDOW_MS;
    const due = (await this.former.since(id, since)).at(-RENAMES);
    if (due && role !== 'admin') {
      throw new DomainError('name.cooldown', { retryAfterMs: due.at - since });
    }
  }

  /** What somebody called themselves before, the newest first; without a limit all of it. */
  async formerOf(id: string, limit?: number): Promise<FormerNameView[]> {
    const names = await this.former.of(id, limit);
    return names.map(({ nickname, at }) => ({ nickname, until: new Date(at).toISOString() }));
  }

  /** Keeps the name that somebody has just given up, for them alone for a while. */
  async keep({ id, nickname, nicknameKey }: Pick<User, 'id' | 'nickname' | 'nicknameKey'>): Promise<void> {
    await this.former.insert({ id: randomUUID(), userId: id, nickname, nicknameKey, at: this.clock.now() });
  }

  /** Whether somebody else had this name a while ago. */
  private isKept(key: string, forUserId: string | null): Promise<boolean> {
    return this.former.isKept(key, forUserId, this.clock.now() - NAME_KEPT_MS);
  }
}
