import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';

import { AiPersona } from './persona.entity.js';
import { AiSetting } from './setting.entity.js';

/** What was set about the AI, in the database. */
@Injectable()
export class AiSettingsRepository {
  constructor(
    @InjectRepository(AiSetting) private readonly rows: Repository<AiSetting>,
    @InjectRepository(AiPersona) private readonly personas: Repository<AiPersona>,
  ) {}

  all(): Promise<AiSetting[]> {
    return this.rows.find();
  }

  /** Stores these, in one statement; the others stay as they are. */
  async save(rows: readonly AiSetting[]): Promise<void> {
    await this.rows.upsert([...rows], ['name']);
  }

  async persona(roomId: number): Promise<string> {
    return (await this.personas.findOneBy({ roomId }))?.text ?? '';
  }

  async personasOf(roomIds: readonly number[]): Promise<Map<number, string>> {
    const rows = await this.personas.findBy({ roomId: In(roomIds) });
    return new Map(rows.filter(({ text }) => text !== '').map(({ roomId, text }) => [roomId, text]));
  }

  async savePersona(roomId: number, text: string): Promise<void> {
    await this.personas.upsert({ roomId, text }, ['roomId']);
  }
}
