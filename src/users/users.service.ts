import { randomUUID } from 'node:crypto';

import { Injectable, Logger } from '@nestjs/common';

import type { Locale, Role } from '../protocol/views.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import type { Account } from '../common/viewer.js';
import { Bus } from '../realtime/bus/bus.js';
import { Hub } from '../realtime/hub.js';
import { nicknameKey, usernameKey } from './name-rules.js';
import { NamesService, type Names } from './names.service.js';
import type { LeftBehind, User } from './user.entity.js';
import { accountOf } from './user.presenter.js';
import { UsersRepository, type UserChanges } from './users.repository.js';

/** Who gives a role, and where they come from. */
export interface RoleGiver {
  readonly account: Account;
  readonly address: string;
}

const PAGE = 50;
/** No nickname is as long as an id. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const TOPIC = 'accounts';
/** Accounts: who there is, their roles and languages. Passwords are only stored here; `auth` makes and checks them. */
@Injectable()
export class UsersService {
  private readonly log = new Logger(UsersService.name);
  private readonly observers: Parameters<UsersService['observeRoles']>[0][] = [];
  private readonly renameObservers: Parameters<UsersService['observeRenames']>[0][] = [];

  constructor(
    private readonly users: UsersRepository,
    private readonly names: NamesService,
    private readonly hub: Hub,
    private readonly bus: Bus,
    private readonly clock: Clock,
  ) {
    bus.subscribe<{ id: string }>(TOPIC, ({ id }) => void this.hearOf(id));
  }

  /** Tells of each role that one person gives another, before the giver is answered. */
  observeRoles(observer: (by: RoleGiver, account: Account) => Promise<void>): void {
    this.observers.push(observer);
  }

  /** Tells of each new nickname, with the one before. The observer must not throw. */
  observeRenames(observer: (account: Account, from: string) => void): void {
    this.renameObservers.push(observer);
  }

  async findAccount(id: string): Promise<Account | null> {
    const user = await this.users.findById(id);
    return user && accountOf(user);
  }

  /** Somebody by their id or by their nickname, however it is written. */
  async findPerson(idOrNickname: string): Promise<Account | null> {
    const user = UUID.test(idOrNickname)
      ? await this.users.findById(idOrNickname.toLowerCase())
      : await this.users.findByNicknameKey(nicknameKey(idOrNickname));
    return user && accountOf(user);
  }

  /** Those of the accounts that exist, in no order. */
  async findAccounts(ids: readonly string[]): Promise<Account[]> {
    return (await this.users.findByIds(ids)).map(accountOf);
  }

  async findByUsername(username: string): Promise<Account | null> {
    const user = await this.users.findByUsernameKey(usernameKey(username));
    return user && accountOf(user);
  }

  /** For checking a password; the hash goes nowhere else. */
  async findCredentials(username: string): Promise<{ account: Account; passwordHash: string } | null> {
    const user = await this.users.findByUsernameKey(usernameKey(username));
    return user && !user.guest ? { account: accountOf(user), passwordHash: user.passwordHash } : null;
  }

  /**
   * Makes an account; when two ask for the same name at once, one gets it and the other `name.taken`. A new
   * administrator may have a reserved nickname.
   */
  async create(names: Names, passwordHash: string, role: Role = 'user'): Promise<Account> {
    const { nickname, key } = this.names.requireNickname(names.nickname, role);
    const user = {
      id: randomUUID(),
      username: names.username,
      usernameKey: usernameKey(names.username),
      nickname,
      nicknameKey: key,
      passwordHash,
      role,
      founder: await this.founds(role),
      locale: null,
      guest: null,
      address: null,
      leaving: null,
      leftAt: null,
      createdAt: this.clock.now(),
    };
    if (!(await this.users.insert(user))) {
      await this.names.requireFree(names, role);
      throw new DomainError('name.taken');
    }
    return accountOf(user);
  }

  /**
   * Makes somebody without an account, whom nobody can log in as: a name for a guest to write under, by the rules of all
   * names. `address` is where they are.
   */
  async createGuest(raw: string, address: string): Promise<Account> {
    const { nickname, key } = this.names.requireNickname(raw);
    const id = randomUUID();
    // No username has a tilde, so it is nobody's, and no password has an empty hash.
    const username = `~${id.replaceAll('-', '').slice(0, 19)}`;
    const guest: User = {
      id,
      username,
      usernameKey: username,
      nickname,
      nicknameKey: key,
      passwordHash: '',
      role: 'user',
      founder: null,
      guest: true,
      address,
      locale: null,
      leaving: null,
      leftAt: null,
      createdAt: this.clock.now(),
    };
    if (!(await this.users.insert(guest))) {
      throw new DomainError('name.taken', { fields: { nickname: 'field.taken' } });
    }
    return accountOf(guest);
  }

  /**
   * Changes what people may change about themselves; open sockets know at once. The nickname of before is kept, and nobody
   * else's for a while. Throws `name.cooldown` for who was renamed too often.
   */
  async edit(
    id: string,
    { nickname, locale }: { nickname?: string; locale?: Locale | null },
  ): Promise<Account> {
    const before = await this.users.findById(id);
    const changes: UserChanges = {};
    if (nickname !== undefined && before) {
      const { nickname: name, key } = this.names.requireNickname(nickname);
      if (name !== before.nickname) {
        await this.names.requireRenamable(before, key);
        Object.assign(changes, { nickname: name, nicknameKey: key });
      }
    }
    if (locale !== undefined) {
      changes.locale = locale;
    }
    if (Object.keys(changes).length > 0 && !(await this.users.update(id, changes))) {
      throw new DomainError('name.taken', { fields: { nickname: 'field.taken' } });
    }
    const account = await this.tell(id);
    if (before && changes.nickname !== undefined) {
      await this.names.keep(before);
      this.renameObservers.forEach((observe) => observe(account, before.nickname));
    }
    return account;
  }

  /**
   * Gives an account a role; open sockets are judged by it at once. The last administrator stays one, and the first is
   * demoted by nobody else. `by` is who did it; without, whoever has the machine.
   */
  async setRole(id: string, role: Role, by?: RoleGiver): Promise<Account> {
    const user = await this.users.findById(id);
    if (!user || user.guest) {
      throw new DomainError('not-found');
    }
    const isDemotion = user.role === 'admin' && role !== 'admin';
    if (isDemotion && user.founder && by && by.account.id !== id) {
      throw new DomainError('auth.forbidden', { fields: { role: 'field.founder' } });
    }
    const changed = isDemotion
      ? await this.users.demote(id, role)
      : await this.users.update(id, { role, ...((await this.founds(role)) && { founder: true }) });
    if (!changed) {
      throw new DomainError('auth.forbidden', { fields: { role: 'field.last-admin' } });
    }
    this.log.log({ msg: 'role given', user: id, role, by: by?.account.id ?? null });
    const account = await this.tell(id);
    if (by && user.role !== role) {
      await Promise.all(this.observers.map((observe) => observe(by, account)));
    }
    return account;
  }

  /**
   * Makes an account nobody's from now on; its name is free. Throws `auth.forbidden` for the last administrator: somebody
   * must run the place.
   */
  async leave(id: string, messages: LeftBehind): Promise<void> {
    if (!(await this.users.leave(id, messages, this.clock.now()))) {
      throw new DomainError('auth.forbidden', { fields: { currentPassword: 'field.last-admin-leaves' } });
    }
    this.log.log({ msg: 'account left', user: id, messages });
  }

  /** Accounts that are being deleted. */
  async leaving(): Promise<{ id: string; messages: LeftBehind; leftAt: number }[]> {
    const found = await this.users.leaving();
    return found.map(({ id, leaving, leftAt }) => ({ id, messages: leaving ?? 'keep', leftAt: leftAt ?? 0 }));
  }

  /** Forgets an account that has left. */
  async remove(id: string): Promise<void> {
    await this.users.remove(id);
  }

  /** Whether this is the first administrator, whom no other may act on. */
  async isFounder(id: string): Promise<boolean> {
    const user = await this.users.findById(id);
    return user?.founder === true && user.role === 'admin';
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

  /** Whoever is made administrator while there is none is the first. */
  private async founds(role: Role): Promise<boolean> {
    return role === 'admin' && (await this.users.countByRole('admin')) === 0;
  }

  /** Tells the open sockets of an account what it is now. */
  private async tell(id: string): Promise<Account> {
    const account = await this.findAccount(id);
    if (!account) {
      throw new DomainError('not-found');
    }
    this.hub.renew(account);
    this.bus.publish(TOPIC, { id });
    return account;
  }

  /** Another node changed an account: what it is now, only the database says. */
  private async hearOf(id: string): Promise<void> {
    if (this.hub.countOfUser(id) > 0) {
      try {
        const account = await this.findAccount(id);
        if (account) {
          this.hub.renew(account);
        }
      } catch (error) {
        // The sweep over all sockets asks again.
        this.log.warn({ msg: 'an account could not be read', why: String(error) });
      }
    }
  }
}
