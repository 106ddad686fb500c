import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';

import { ServerValue } from './server-value.entity.js';

/** What all nodes must agree on. */
@Injectable()
export class ServerValuesRepository {
  constructor(@InjectRepository(ServerValue) private readonly values: Repository<ServerValue>) {}

  /** The value there is; else the one that is offered. Nodes that ask at once all get the same. */
  async keep(name: string, offered: string): Promise<string> {
    await this.values.createQueryBuilder().insert().values({ name, value: offered }).orIgnore().execute();
    return (await this.values.findOneByOrFail({ name })).value;
  }

  async find(name: string): Promise<string | null> {
    return (await this.values.findOneBy({ name }))?.value ?? null;
  }
}
