import type { Database } from 'better-sqlite3';

/**
 * The settings behind "acked means stored": WAL lets readers go on while the writer commits; FULL syncs the WAL before
 * a commit returns (NORMAL survives `kill -9` and loses commits with the power).
 */
export function applyPragmas(database: Database): void {
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('busy_timeout = 5000');
  database.pragma('foreign_keys = ON');
}
