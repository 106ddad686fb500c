import type { Database } from 'better-sqlite3';

/** SQLite's own `lower` knows no letters but a to z: `fold` makes any text comparable, whatever its case and width. */
export function addFunctions(database: Database): void {
  database.function('fold', { deterministic: true }, (text: unknown) =>
    typeof text === 'string' ? text.normalize('NFKC').toLowerCase() : null,
  );
}
