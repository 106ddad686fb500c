import { Injectable } from '@nestjs/common';

import { DomainError } from '../common/errors.js';
import type { Account } from '../common/viewer.js';
import { USERNAME } from '../users/name-rules.js';
import { NamesService, type Names } from '../users/names.service.js';
import { UsersService } from '../users/users.service.js';
import { isPassword } from './dto/is-password.js';
import { PasswordHasher } from './password-hasher.js';

/** Makes administrators from outside, for whoever has the machine. */
@Injectable()
export class AdminsService {
  constructor(
    private readonly users: UsersService,
    private readonly names: NamesService,
    private readonly hasher: PasswordHasher,
  ) {}

  async find(username: string): Promise<Account | null> {
    return (await this.users.findCredentials(username))?.account ?? null;
  }

  /** True if this is the account's password. Who set a trap by taking the name first does not know it. */
  async owns(username: string, password: string): Promise<boolean> {
    const found = await this.users.findCredentials(username);
    return this.hasher.matches(password, found?.passwordHash ?? null);
  }

  promote(account: Account): Promise<Account> {
    return this.users.setRole(account.id, 'admin');
  }

  /** Makes a new administrator; refuses what registering refuses, except that reserved nicknames are theirs to have. */
  async create({ password, ...names }: Names & { password: string }): Promise<Account> {
    if (!USERNAME.test(names.username)) {
      throw new DomainError('frame.invalid', { fields: { username: 'field.username' } });
    }
    if (!isPassword(password)) {
      throw new DomainError('frame.invalid', { fields: { password: 'field.password' } });
    }
    await this.names.requireFree(names, 'admin');
    return this.users.create(names, await this.hasher.hash(password), 'admin');
  }
}
