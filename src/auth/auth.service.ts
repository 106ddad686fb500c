import { Injectable, Logger } from '@nestjs/common';

import { DomainError } from '../common/errors.js';
import { Gate } from '../common/gate.js';
import type { Account } from '../common/viewer.js';
import { usernameKey } from '../users/name-rules.js';
import { NamesService, type Names } from '../users/names.service.js';
import { UsersService } from '../users/users.service.js';
import { PasswordHasher } from './password-hasher.js';
import { SessionsService, type Signed } from './sessions.service.js';
import { Throttles } from './throttles.js';

/** Registering, logging in and changing one's password. */
@Injectable()
export class AuthService {
  private readonly log = new Logger(AuthService.name);
  /** Two hashes at once leave the other threads of the pool to files and DNS; a queue of 100 is done in 4 s. */
  private readonly hashing = new Gate(2, 100);

  constructor(
    private readonly users: UsersService,
    private readonly names: NamesService,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionsService,
    private readonly throttles: Throttles,
  ) {}

  /** Makes an account with the role `user`. Only accounts that were made count against the address. */
  async register(address: string, { password, ...names }: Names & { password: string }): Promise<Account> {
    await this.names.requireFree(names);
    const count = await this.throttles.countAccount(address);
    try {
      const passwordHash = await this.hashing.run(() => this.hasher.hash(password));
      return await this.users.create(names, passwordHash);
    } catch (error) {
      await count.release();
      throw error;
    }
  }

  /** The account of these credentials. An unknown name and a wrong password are refused alike, after the same time. */
  async authenticate(address: string, username: string, password: string): Promise<Account> {
    return this.hashing.run(async () => {
      const count = await this.throttles.countAttempt(address, usernameKey(username));
      const found = await this.users.findCredentials(username);
      const matches = await this.hasher.matches(password, found?.passwordHash ?? null);
      if (!found || !matches) {
        // By id, never by what was typed: people type passwords into the wrong field.
        this.log.warn({ msg: 'log-in refused', user: found?.account.id ?? null, address });
        throw new DomainError('auth.invalid');
      }
      await count.release();
      return found.account;
    });
  }

  /**
   * That it is really them, by their password, which stands in the named field; a wrong one is `frame.invalid`, and counts
   * as a wrong log-in.
   */
  async confirm({ address, account }: Signed, password: string, field: string): Promise<void> {
    try {
      await this.authenticate(address, account.username, password);
    } catch (error) {
      throw error instanceof DomainError && error.code === 'auth.invalid'
        ? new DomainError('frame.invalid', { fields: { [field]: 'field.current' } })
        : error;
    }
  }

  /** Changes one's own password and ends all other sessions. A wrong current one counts as a wrong log-in. */
  async changePassword(viewer: Signed, current: string, password: string): Promise<void> {
    await this.confirm(viewer, current, 'current');
    const passwordHash = await this.hashing.run(() => this.hasher.hash(password));
    await this.users.setPasswordHash(viewer.account.id, passwordHash);
    await this.sessions.endOthers(viewer);
  }
}
