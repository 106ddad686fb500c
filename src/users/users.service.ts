import { randomUUID } from 'node:crypto';

import { Inject, Injectable, Logger } from '@nestjs/common';

import type { Locale, Role } from '../protocol/views.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import type { Account } from '../common/viewer.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { Hub } from '../realtime/hub.js';
import { readNickname, usernameKey, type Nickname } from './name-rules.js';
import { accountOf } from './user.presenter.js';
import { UsersRepository, type UserChanges } from './users.repository.js';

/** The names somebody wants. */
export interface Names {
  username: string;
  nickname: string;
}

const PAGE = 50;

/** Accounts: their names, roles and languages. Passwords are only stored here; `auth` makes and checks them. */
@Injectable()
export class UsersService {
  private readonly log = new Logger(UsersService.name);

  constructor(
    private readonly users: UsersRepository,
    private readonly hub: Hub,
    private readonly clock: Clock,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  async findAccount(id: string): Promise<Account | null> {
    const user = await this.users.findById(id);
    return user && accountOf(user);
  }

  /** Those of the accounts that exist, in no order. */
  async findAccounts(ids: readonly string[]): Promise<Account[]> {
    return (await this.users.findByIds(ids)).map(accountOf);
  }

  /** For checking a password; the hash goes nowhere else. */
  async findCredentials(username: string): Promise<{ account: Account; passwordHash: string } | null> {
    const user = await this.users.findByUsernameKey(usernameKey(username));
    return user && { account: accountOf(user), passwordHash: user.passwordHash };
  }

  /**
   * Refuses names that may not be used (`frame.invalid`, `name.reserved`) or are taken (`name.taken`), each with its
   * field. Cheap, so it is asked before a password is hashed; `create` finds out for certain.
   */
  async requireFree({ username, nickname }: Names, role: Role = 'user'): Promise<void> {
    const { key } = this.requireNickname(nickname, role);
    const [sameUsername, sameNickname] = await Promise.all([
      this.users.findByUsernameKey(usernameKey(username)),
      this.users.findByNicknameKey(key),
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

  /**
   * Makes an account; when two ask for the same name at once, one gets it and the other `name.taken`. A new
   * administrator may have a reserved nickname.
   */
  async create(names: Names, passwordHash: string, role: Role = 'user'): Promise<Account> {
    const { nickname, key } = this.requireNickname(names.nickname, role);
    const user = {
      id: randomUUID(),
      username: names.username,
      usernameKey: usernameKey(names.username),
      nickname,
      nicknameKey: key,
      passwordHash,
      role,
      locale: null,
      createdAt: this.clock.now(),
    };
    if (!(await this.users.insert(user))) {
      await this.requireFree(names, role);
      throw new DomainError('name.taken');
    }
    return accountOf(user);
  }

  /** Changes what people may change about themselves; open sockets know at once. */
  async edit(
    id: string,
    { nickname, locale }: { nickname?: string; locale?: Locale | null },
  ): Promise<Account> {
    const changes: UserChanges = {};
    if (nickname !== undefined) {
      const checked = this.requireNickname(nickname);
      Object.assign(changes, { nickname: checked.nickname, nicknameKey: checked.key });
    }
    if (locale !== undefined) {
      changes.locale = locale;
    }
    if (Object.keys(changes).length > 0 && !(await this.users.update(id, changes))) {
      throw new DomainError('name.taken', { fields: { nickname: 'field.taken' } });
    }
    return this.tell(id);
  }

  /**
   * Gives an account a role; open sockets are judged by it at once. The last administrator stays one. `by` is who did it;
   * without, whoever has the machine.
   */
  async setRole(id: string, role: Role, by?: Account): Promise<Account> {
    const account = await this.findAccount(id);
    if (!account) {
      throw new DomainError('not-found');
    }
    const changed =
      account.role === 'admin' && role !== 'admin'
        ? await this.users.demote(id, role)
        : await this.users.update(id, { role });
    if (!changed) {
      throw new DomainError('auth.forbidden', { fields: { role: 'field.last-admin' } });
    }
    this.log.log({ msg: 'role given', user: id, role, by: by?.id ?? null });
    return this.tell(id);
  }

  async setPasswordHash(id: string, passwordHash: string): Promise<void> {
    await this.users.update(id, { passwordHash });
  }

  /** People, newest first, 50 at a time: those whose names contain `q`, from the one after the account `after`. */
  async page({
    q = '',
    after,
  }: {
    q?: string;
    after?: string;
  }): Promise<{ accounts: Account[]; more: boolean }> {
    const last = after === undefined ? null : await this.users.findById(after);
    if (after !== undefined && !last) {
      throw new DomainError('frame.invalid', { fields: { after: 'field.invalid' } });
    }
    const found = await this.users.page(q, last, PAGE + 1);
    return { accounts: found.slice(0, PAGE).map(accountOf), more: found.length > PAGE };
  }

  /** Tells the open sockets of an account what it is now. */
  private async tell(id: string): Promise<Account> {
    const account = await this.findAccount(id);
    if (!account) {
      throw new DomainError('not-found');
    }
    this.hub.renew(account);
    return account;
  }

  private requireNickname(raw: string, role: Role = 'user'): Nickname {
    const read = readNickname(raw, [this.config.aiName]);
    if (!read) {
      throw new DomainError('frame.invalid', { fields: { nickname: 'field.nickname' } });
    }
    if (read.reserved && role !== 'admin') {
      throw new DomainError('name.reserved', { fields: { nickname: 'field.reserved' } });
    }
    return read;
  }
}
