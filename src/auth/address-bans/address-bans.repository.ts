import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';

import { AddressBan } from './address-ban.entity.js';

/** Banned addresses in the database. */
@Injectable()
export class AddressBansRepository {
  constructor(@InjectRepository(AddressBan) private readonly bans: Repository<AddressBan>) {}

  /** The newest first. */
  all(): Promise<AddressBan[]> {
    return this.bans.find({ order: { at: 'DESC', id: 'ASC' } });
  }

  async insert(bans: readonly AddressBan[]): Promise<void> {
    await this.bans.insert([...bans]);
  }

  /** Answers what was deleted. */
  async delete(which: { id: string } | { userId: string }): Promise<AddressBan[]> {
    const found = await this.bans.findBy(which);
    await this.bans.delete(which);
    return found;
  }
}
