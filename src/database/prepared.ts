import type { Database, Statement } from 'better-sqlite3';
import { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js';
import type { DataSource, EntityManager } from 'typeorm';

/** Statements whose text depends on how many rows they have are many: beyond this all are compiled anew. */
const MOST = 200;

/** By the database, and its text: compiling a statement takes longer than running a small one. */
const statements = new WeakMap<Database, Map<string, Statement>>();

/** The database of a source on SQLite; null: it is on PostgreSQL. */
export function sqliteOf({ driver }: DataSource): Database | null {
  return driver instanceof BetterSqlite3Driver ? driver.databaseConnection : null;
}

/** A statement of SQLite, compiled at its first use; `Row` is what it answers, which the caller knows from its text. */
export function prepared<Row>(database: Database, sql: string): Statement<unknown[], Row> {
  let known = statements.get(database);
  if (!known || known.size > MOST) {
    known = new Map();
    statements.set(database, known);
  }
  let statement = known.get(sql);
  if (!statement) {
    statement = database.prepare(sql);
    known.set(sql, statement);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what its rows are, only who wrote the SQL knows.
  return statement as Statement<unknown[], Row>;
}

/**
 * Asks for rows by SQL, for small questions that stand before every answer: a query builder takes ten times as long as they do. `sql` is
 * given the engine's own parameter for the value at an index.
 */
export async function queryPrepared<Row>(
  manager: EntityManager,
  sql: (at: (index: number) => string) => string,
  parameters: readonly unknown[],
): Promise<Row[]> {
  const text = sql((index) => manager.dataSource.driver.createParameter('', index));
  const database = sqliteOf(manager.dataSource);
  return database ? prepared<Row>(database, text).all(...parameters) : manager.query(text, [...parameters]);
}
