import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Repository } from 'typeorm';

import { BlockedTerm } from './term.entity.js';

/** Rows of one statement: each has six values, and SQLite takes 32,766. */
const CHUNK = 1000;

/** Blocked terms in the database. `null` stands for the whole server. */
@Injectable()
export class TermsRepository {
  constructor(@InjectRepository(BlockedTerm) private readonly terms: Repository<BlockedTerm>) {}

  all(): Promise<BlockedTerm[]> {
    return this.terms.find({ order: { text: 'ASC' } });
  }

  of(roomId: number | null): Promise<BlockedTerm[]> {
    return this.terms.find({ where: { roomId: roomId ?? IsNull() }, order: { text: 'ASC' } });
  }

  async insert(terms: readonly BlockedTerm[]): Promise<void> {
    for (let from = 0; from < terms.length; from += CHUNK) {
      await this.terms.insert(terms.slice(from, from + CHUNK));
    }
  }

  /** Answers the text it had; null if there is no such term there. */
  async delete(roomId: number | null, id: string): Promise<string | null> {
    const term = await this.terms.findOneBy({ id, roomId: roomId ?? IsNull() });
    const affected = term && (await this.terms.delete({ id })).affected;
    return affected === 1 ? term!.text : null;
  }

  /** Changes whenever the terms have: how many there are, and when the newest was made. */
  async state(): Promise<string> {
    const [count, newest] = await Promise.all([this.terms.count(), this.terms.maximum('at')]);
    return `${count} ${newest ?? 0}`;
  }
}
