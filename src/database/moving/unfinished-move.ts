import { Injectable, type OnModuleInit } from '@nestjs/common';

import { ServerValuesRepository } from '../server-values.repository.js';
import { MOVING } from './move.js';

/** Keeps servers from a database into which only a part has been moved. */
@Injectable()
export class UnfinishedMove implements OnModuleInit {
  constructor(private readonly values: ServerValuesRepository) {}

  async onModuleInit(): Promise<void> {
    if ((await this.values.find(MOVING)) !== null) {
      throw new Error('A move into this database is not finished: run `npm run move-database` again.');
    }
  }
}
