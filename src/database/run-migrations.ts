import { DataSource, type QueryRunner } from 'typeorm';

import type { AppConfig } from '../config/app-config.js';
import { migrationOptions } from './data-source.js';

/** Any number that nobody else takes as a lock in this database. */
const LOCK = 1764000000;

/**
 * Brings the database to the newest schema and answers the names of the changes. Several nodes may start at once: on
 * PostgreSQL one of them does it, and the others wait.
 */
export async function runMigrations(config: Pick<AppConfig, 'database'>): Promise<string[]> {
  const dataSource = await new DataSource(migrationOptions(config)).initialize();
  try {
    const done = await alone(dataSource, () => dataSource.runMigrations());
    return done.map(({ name }) => name);
  } finally {
    await dataSource.destroy();
  }
}

async function alone<T>(dataSource: DataSource, work: () => Promise<T>): Promise<T> {
  if (dataSource.options.type !== 'postgres') {
    return work();
  }
  const runner: QueryRunner = dataSource.createQueryRunner();
  try {
    // Held by a transaction, not by a session: poolers hand sessions around.
    await runner.startTransaction();
    await runner.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    return await work();
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}
