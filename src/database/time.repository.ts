import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';

/** What time it is in PostgreSQL. */
@Injectable()
export class TimeRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Milliseconds since 1970. */
  async now(): Promise<number> {
    const [row] = await this.dataSource.query<{ now: number }[]>(
      'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now',
    );
    return row!.now;
  }
}
