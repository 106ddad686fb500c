import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, MoreThan, Not, Repository } from 'typeorm';

import { DomainError } from '../../common/errors.js';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { RoomModerator } from './room-moderator.entity.js';
import { Room } from './room.entity.js';

/** How far the log of a room goes, and what of its row is not said in the log. */
export type RoomStanding = Pick<Room, 'id' | 'title' | 'epoch' | 'head' | 'first'>;

/** Rooms in the database. `head` is never written here: it belongs to the log's writer. */
@Injectable()
export class RoomsRepository {
  constructor(
    @InjectRepository(Room) private readonly rooms: Repository<Room>,
    @InjectRepository(RoomModerator) private readonly moderators: Repository<RoomModerator>,
  ) {}

  async findBySlug(slug: string): Promise<Room | null> {
    // It may come straight from an address, and PostgreSQL fails to look for a NUL.
    return slug.includes('\0') ? null : this.rooms.findOneBy({ slug });
  }

  findById(id: number): Promise<Room | null> {
    return this.rooms.findOneBy({ id });
  }

  /** The slugs of these rooms, by id. */
  async slugsOf(ids: readonly number[]): Promise<Map<number, string>> {
    const rooms = await this.rooms.find({
      select: { id: true, slug: true },
      where: { id: In([...new Set(ids)]) },
    });
    return new Map(rooms.map(({ id, slug }) => [id, slug]));
  }

  /** Where these rooms stand now; those that are no more are left out. */
  standing(ids: readonly number[]): Promise<RoomStanding[]> {
    return this.rooms.find({
      select: { id: true, title: true, epoch: true, head: true, first: true },
      where: { id: In(ids) },
    });
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
      if (isUniqueViolation(error)) {
        throw new DomainError('name.taken', { fields: { slug: 'field.taken' } });
      }
      throw error;
    }
  }

  /** Raises the oldest kept seq of a room. */
  async setFirst(id: number, first: number): Promise<void> {
    await this.rooms.update({ id }, { first });
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

  /** The ids of those who are moderators in this room. */
  async moderatorIds(roomId: number): Promise<string[]> {
    return (await this.moderators.findBy({ roomId })).map(({ userId }) => userId);
  }

  /** A person's own conversations with the AI, also those in which nothing was said. */
  ownedBy(ownerId: string): Promise<Room[]> {
    return this.rooms.findBy({ ownerId });
  }

  /** The ids of the rooms a person moderates. */
  async moderatedBy(userId: string): Promise<number[]> {
    return (await this.moderators.findBy({ userId })).map(({ roomId }) => roomId);
  }

  all(): Promise<Room[]> {
    return this.rooms.find();
  }
}
