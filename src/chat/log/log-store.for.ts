import type { DatabaseAddress } from '../../config/database-address.js';
import type { LogStore } from './log.store.js';
import { PgLogStore } from './pg-log.store.js';
import { SqliteLogStore } from './sqlite-log.store.js';

/** The writing side of the log for a database. */
export function logStoreFor(database: DatabaseAddress): LogStore {
  return database.type === 'postgres' ? new PgLogStore(database.url) : new SqliteLogStore(database.file);
}
