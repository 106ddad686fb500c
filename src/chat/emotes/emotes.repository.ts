import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';

import { DomainError } from '../../common/errors.js';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { Emote } from './emote.entity.js';

/** All that is shown of an emote; its picture is fetched by itself. */
export type EmoteRow = Pick<Emote, 'name' | 'imageId' | 'animated'>;

/** Emotes in the database. */
@Injectable()
export class EmotesRepository {
  constructor(@InjectRepository(Emote) private readonly emotes: Repository<Emote>) {}

  /** Those of a room, by name. */
  ofRoom(roomId: number): Promise<EmoteRow[]> {
    return this.emotes.find({
      select: { name: true, imageId: true, animated: true },
      where: { roomId },
      order: { name: 'ASC' },
    });
  }

  countIn(roomId: number): Promise<number> {
    return this.emotes.countBy({ roomId });
  }

  /** The picture, as long as any room has it. */
  findImage(imageId: string): Promise<Pick<Emote, 'type' | 'animated' | 'content'> | null> {
    return this.emotes.findOne({
      select: { type: true, animated: true, content: true },
      where: { imageId },
    });
  }

  async has(roomId: number, name: string): Promise<boolean> {
    // It may come straight from an address, and PostgreSQL fails to look for a NUL.
    return !name.includes('\0') && (await this.emotes.existsBy({ roomId, name }));
  }

  /** Throws `name.taken`, also under a race. */
  async insert(emote: Emote): Promise<void> {
    try {
      await this.emotes.insert(emote);
    } catch (error) {
      if (isUniqueViolation(error)) {
        throw new DomainError('name.taken', { fields: { name: 'field.taken' } });
      }
      throw error;
    }
  }

  async delete(roomId: number, name: string): Promise<void> {
    await this.emotes.delete({ roomId, name });
  }
}
