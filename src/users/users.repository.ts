import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Brackets, In, IsNull, Not, type Repository } from 'typeorm';

import type { Locale, Role } from '../protocol/views.js';
import { isUniqueViolation } from '../database/unique-violation.js';
import { User, type LeftBehind } from './user.entity.js';

/** What may change about an account, besides its password. */
export type UserChanges = Partial<{
  nickname: string;
  nicknameKey: string;
  locale: Locale | null;
  role: Role;
  founder: boolean;
  passwordHash: string;
}>;

@Injectable()
export class UsersRepository {
  constructor(@InjectRepository(User) private readonly users: Repository<User>) {}

  findById(id: string): Promise<User | null> {
    return this.users.findOneBy({ id, leaving: IsNull() });
  }

  findByIds(ids: readonly string[]): Promise<User[]> {
    return this.users.findBy({ id: In(ids), leaving: IsNull() });
  }

  findByUsernameKey(usernameKey: string): Promise<User | null> {
    return this.users.findOneBy({ usernameKey });
  }

  findByNicknameKey(nicknameKey: string): Promise<User | null> {
    return this.users.findOneBy({ nicknameKey });
  }

  countByRole(role: Role): Promise<number> {
    return this.users.countBy({ role });
  }

  /** False, and nothing is stored, if one of the unique keys is taken. */
  async insert(user: User): Promise<boolean> {
    return this.unlessTaken(this.users.insert(user));
  }

  /** False, and nothing is changed, if the new nickname's key is taken. */
  async update(id: string, changes: UserChanges): Promise<boolean> {
    return this.unlessTaken(this.users.update({ id }, changes));
  }

  /** Takes the role of an administrator away, unless nobody else has it. False if it was the last one. */
  async demote(id: string, role: Role): Promise<boolean> {
    const others = this.otherAdmins();
    const { affected } = await this.users
      .createQueryBuilder()
      .update()
      .set({ role })
      .where(`id = :id AND EXISTS ${others}`, { id })
      .execute();
    return affected === 1;
  }

  /** Makes an account nobody's, with none of its names left. False for the last administrator. */
  async leave(id: string, leaving: LeftBehind, leftAt: number): Promise<boolean> {
    // No name has a tilde.
    const name = `~${id.replaceAll('-', '').slice(0, 19)}`;
    const nobody = { username: name, usernameKey: name, nickname: '', nicknameKey: name, passwordHash: '' };
    const { affected } = await this.users
      .createQueryBuilder()
      .update()
      .set({ ...nobody, role: 'user', founder: null, locale: null, leaving, leftAt })
      .where(`id = :id AND leaving IS NULL AND (role <> 'admin' OR EXISTS ${this.otherAdmins()})`, { id })
      .execute();
    return affected === 1;
  }

  /** Those that are being deleted. */
  leaving(): Promise<User[]> {
    return this.users.findBy({ leaving: Not(IsNull()) });
  }

  async remove(id: string): Promise<void> {
    await this.users.delete({ id });
  }

  private otherAdmins(): string {
    return this.users
      .createQueryBuilder()
      .subQuery()
      .select('other.id')
      .from(User, 'other')
      .where(`other.role = 'admin' AND other.id <> :id`)
      .getQuery();
  }

  /** People whose nickname or username contains `part`, newest first, from the one after `after`. */
  async page(part: string, after: User | null, limit: number): Promise<User[]> {
    const query = this.users
      .createQueryBuilder('user')
      .orderBy('user.createdAt', 'DESC')
      .addOrderBy('user.id', 'DESC');
    query.where('user.guest IS NULL AND user.leaving IS NULL');
    if (part !== '') {
      // The search is literal: what is typed must not be read as a pattern.
      const literal = part.replaceAll(/[\\%_]/g, String.raw`\$&`);
      query.andWhere(
        // Databases fold only ASCII, so what was typed is also looked for as it is.
        new Brackets((any) => {
          any
            .where(String.raw`user.nickname LIKE :exact ESCAPE '\'`)
            .orWhere(String.raw`LOWER(user.nickname) LIKE :lower ESCAPE '\'`)
            .orWhere(String.raw`user.usernameKey LIKE :lower ESCAPE '\'`);
        }),
        { exact: `%${literal}%`, lower: `%${literal.toLowerCase()}%` },
      );
    }
    if (after) {
      query.andWhere('(user.createdAt < :at OR (user.createdAt = :at AND user.id < :id))', {
        at: after.createdAt,
        id: after.id,
      });
    }
    return query.take(limit).getMany();
  }

  private async unlessTaken(write: Promise<unknown>): Promise<boolean> {
    try {
      await write;
      return true;
    } catch (error) {
      if (isUniqueViolation(error)) {
        return false;
      }
      throw error;
    }
  }
}
