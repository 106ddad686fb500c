import SqliteDatabase, { type Database } from 'better-sqlite3';

const LOCK_WAIT_MS = 10_000;

/**
 * Holds the file for one server: a second one would append behind the first one's back, and its viewers would not be
 * told. The lock ends with the process, however it ends; a server that is just leaving is waited for. Throws a sentence
 * for the operator.
 */
export function lockFile(file: string): Database {
  let lock: Database | undefined;
  try {
    lock = new SqliteDatabase(`${file}.lock`, { timeout: LOCK_WAIT_MS });
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (cause) {
    lock?.close();
    const isBusy = cause instanceof SqliteDatabase.SqliteError && cause.code === 'SQLITE_BUSY';
    const why = isBusy ? 'another server is using it; one file serves one server' : String(cause);
    throw new Error(`The database ${file} cannot be opened: ${why}.`, { cause });
  }
}
