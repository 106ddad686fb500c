import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, MoreThan, Not, QueryFailedError, Repository } from 'typeorm';

import { DomainError } from '../common/errors.js';
import { Room } from './room.entity.js';

/** Rooms in the database. `head` is never written here: it belongs to the log's writer. */
@Injectable()
export class RoomsRepository {
  constructor(@InjectRepository(Room) private readonly rooms: Repository<Room>) {}

  findBySlug(slug: string): Promise<Room | null> {
    return this.rooms.findOneBy({ slug });
  }

  findById(id: number): Promise<Room | null> {
    return this.rooms.findOneBy({ id });
  }

  /** Everybody's rooms, the oldest first; archived ones only when asked for. */
  listShared(options: { archived: boolean }): Promise<Room[]> {
    return this.rooms.find({
      where: { kind: Not(In(['assistant'])), ...(options.archived ? {} : { archived: false }) },
      order: { id: 'ASC' },
    });
  }

  /** Throws `name.taken` when the slug is in use, also under a race. */
  async insert(room: Omit<Room, 'id'>): Promise<Room> {
    try {
      return await this.rooms.save(this.rooms.create(room));
    } catch (error) {
      if (error instanceof QueryFailedError && /unique/i.test(error.message)) {
        throw new DomainError('name.taken', { fields: { slug: 'field.taken' } });
      }
      throw error;
    }
  }

  /** Raises the oldest kept seq of a room. */
  async setFirst(id: number, first: number): Promise<void> {
    await this.rooms.update({ id }, { first });
  }

  /** Sets the title of a room without a word in its log. */
  async setTitle(id: number, title: string): Promise<void> {
    await this.rooms.update({ id }, { title });
  }

  /** A person's own conversations that have begun, the newest first. */
  listOwned(ownerId: string): Promise<Room[]> {
    return this.rooms.find({
      where: { ownerId, kind: 'assistant', head: MoreThan(0) },
      order: { id: 'DESC' },
    });
  }

  /** Removes a room: from then on nothing is appended to its log. What the log holds is the caller's to delete. */
  async delete(id: number): Promise<void> {
    await this.rooms.delete({ id });
  }

  all(): Promise<Room[]> {
    return this.rooms.find();
  }
}
