import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, LessThan, Repository } from 'typeorm';

import { isUniqueViolation } from '../../database/unique-violation.js';
import { executeUnsynced } from '../../database/unsynced.js';
import { RaidGoer } from './raid-goer.entity.js';
import { Raid } from './raid.entity.js';

/** Rows of one statement; both engines bound how many values one may have. */
const CHUNK = 500;

/** Raids, and who went along, in the database. */
@Injectable()
export class RaidsRepository {
  constructor(
    @InjectRepository(Raid) private readonly raids: Repository<Raid>,
    @InjectRepository(RaidGoer) private readonly goers: Repository<RaidGoer>,
  ) {}

  /** False, and nothing is stored, while one of the room goes on, or if there is one with this id. */
  async insert(raid: Raid): Promise<boolean> {
    try {
      await this.raids.insert(raid);
      return true;
    } catch (error) {
      if (isUniqueViolation(error)) {
        return false;
      }
      throw error;
    }
  }

  findById(id: string): Promise<Raid | null> {
    return this.raids.findOneBy({ id });
  }

  /** The one of a room that nobody has closed. */
  going(roomId: number): Promise<Raid | null> {
    return this.raids.findOneBy({ roomId, closedAt: IsNull() });
  }

  /** Those of all rooms of which the other room has not been told. */
  untold(): Promise<Raid[]> {
    return this.raids.findBy({ toldAt: IsNull() });
  }

  /** Ends it; answers whether this call is the one that did. */
  async close(id: string, end: Pick<Raid, 'stopped'> & { closedAt: number }): Promise<boolean> {
    const { affected } = await this.raids.update({ id, closedAt: IsNull() }, end);
    return (affected ?? 0) > 0;
  }

  /** They go along; who has gone already counts once. */
  async addGoers(raidId: string, people: readonly string[]): Promise<void> {
    for (let from = 0; from < people.length; from += CHUNK) {
      const values = people.slice(from, from + CHUNK).map((who) => ({ raidId, who }));
      await executeUnsynced(this.goers.createQueryBuilder().insert().values(values).orIgnore());
    }
  }

  countGoers(raidId: string): Promise<number> {
    return this.goers.countBy({ raidId });
  }

  /** The other room knows; who went is nobody's business from now on. */
  async settle(id: string, toldAt: number): Promise<void> {
    await this.raids.update({ id }, { toldAt });
    await this.goers.delete({ raidId: id });
  }

  /** Forgets those that were settled before a time, with whoever was late to say that they went. */
  async forgetBefore(at: number): Promise<void> {
    for (const { id } of await this.raids.findBy({ toldAt: LessThan(at) })) {
      await this.goers.delete({ raidId: id });
      await this.raids.delete({ id });
    }
  }
}
