import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';

import { isUniqueViolation } from '../../database/unique-violation.js';
import { IgnoredPerson } from './ignored-person.entity.js';

/** Ignored people in the database. */
@Injectable()
export class IgnoredPeopleRepository {
  constructor(@InjectRepository(IgnoredPerson) private readonly people: Repository<IgnoredPerson>) {}

  /** The ids of those whom somebody ignores, the last one first. */
  async of(userId: string): Promise<string[]> {
    const rows = await this.people.find({ where: { userId }, order: { at: 'DESC', ignoredId: 'ASC' } });
    return rows.map(({ ignoredId }) => ignoredId);
  }

  /** What is there already stays. */
  async insert(person: IgnoredPerson): Promise<void> {
    try {
      await this.people.insert(person);
    } catch (error) {
      if (!isUniqueViolation(error)) {
        throw error;
      }
    }
  }

  async delete(userId: string, ignoredId: string): Promise<void> {
    await this.people.delete({ userId, ignoredId });
  }
}
