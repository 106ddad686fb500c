import type { Database } from 'better-sqlite3';
import type {
  DeleteQueryBuilder,
  EntityManager,
  InsertQueryBuilder,
  ObjectLiteral,
  UpdateQueryBuilder,
} from 'typeorm';

import { prepared, sqliteOf } from './prepared.js';

type Change =
  InsertQueryBuilder<ObjectLiteral> | UpdateQueryBuilder<ObjectLiteral> | DeleteQueryBuilder<ObjectLiteral>;

/**
 * Runs a statement of bookkeeping that nobody is told of, and answers how many rows it updated or deleted. On SQLite its commit is
 * written and not synced, so that the event loop does not wait for the disk. `kill -9` loses nothing of it. With the
 * power it is lost only together with everything committed after it, since the WAL is read up to the last sync: no entry of the log
 * outlives what was noted before it. On PostgreSQL it is a statement like any other.
 */
export async function executeUnsynced(change: Change): Promise<number> {
  const database = sqliteOf(change.dataSource);
  if (!database) {
    const result = await change.execute();
    return 'affected' in result ? (result.affected ?? 0) : 0;
  }
  const [sql, parameters] = change.getQueryAndParameters();
  return withoutSync(database, () => prepared(database, sql).run(...parameters).changes);
}

/** The same for a statement that answers rows. */
export async function queryUnsynced<Row>(
  manager: EntityManager,
  sql: string,
  parameters: readonly unknown[],
): Promise<Row[]> {
  const database = sqliteOf(manager.dataSource);
  return database
    ? withoutSync(database, () => prepared<Row>(database, sql).all(...parameters))
    : manager.query(sql, [...parameters]);
}

function withoutSync<Result>(database: Database, work: () => Result): Result {
  // In a transaction the level cannot be changed, and the commit is that of the transaction.
  if (database.inTransaction) {
    return work();
  }
  database.pragma('synchronous = NORMAL');
  try {
    return work();
  } finally {
    database.pragma('synchronous = FULL');
  }
}
