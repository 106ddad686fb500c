import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, Repository } from 'typeorm';

import { SaidText } from './said-text.entity.js';

/** What was said a moment ago. The log's writer adds to it and reads it. */
@Injectable()
export class SaidTextsRepository {
  constructor(@InjectRepository(SaidText) private readonly texts: Repository<SaidText>) {}

  /** Forgets what was said before a time, in milliseconds since 1970. */
  async forgetBefore(at: number): Promise<void> {
    await this.texts.delete({ at: LessThan(at) });
  }
}
