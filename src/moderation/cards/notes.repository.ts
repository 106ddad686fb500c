import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';

import { isUniqueViolation } from '../../database/unique-violation.js';
import { Note } from './note.entity.js';

@Injectable()
export class NotesRepository {
  constructor(@InjectRepository(Note) private readonly notes: Repository<Note>) {}

  /** False, and nothing is stored, if there is a note with this id. */
  async insert(note: Note): Promise<boolean> {
    try {
      await this.notes.insert(note);
      return true;
    } catch (error) {
      if (isUniqueViolation(error)) {
        return false;
      }
      throw error;
    }
  }

  /** Those about somebody in a room, the newest first. */
  about(userId: string, roomId: number): Promise<Note[]> {
    return this.notes.find({ where: { userId, roomId }, order: { at: 'DESC', id: 'DESC' } });
  }

  findById(id: string): Promise<Note | null> {
    return this.notes.findOneBy({ id });
  }

  /** Answers whether it was there. */
  async delete(id: string): Promise<boolean> {
    const { affected } = await this.notes.delete({ id });
    return (affected ?? 0) > 0;
  }
}
