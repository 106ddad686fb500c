import type { Database } from 'better-sqlite3';

import { DomainError } from '../../common/errors.js';
import { lockFile } from '../../database/sqlite-lock.js';
import type { Draft, Outcome } from './draft.js';
import type { LogStore } from './log.store.js';
import { WriterThread } from './writer.thread.js';

/** The log on SQLite: one writer in a thread of its own, so that no sync to the disk holds up the sockets. */
export class SqliteLogStore implements LogStore {
  private readonly lock: Database;
  private readonly thread: WriterThread;

  constructor(file: string) {
    this.lock = lockFile(file);
    this.thread = new WriterThread({ script: 'sqlite-log.worker', data: { file }, refusalFor });
  }

  append(drafts: readonly Draft[]): Promise<Outcome[]> {
    return this.thread.append(drafts);
  }

  async close(): Promise<void> {
    await this.thread.close();
    this.lock.close();
  }
}

function refusalFor(code: string): Error {
  if (code === 'SQLITE_FULL') {
    return new DomainError('storage.full');
  }
  if (/^SQLITE_(BUSY|LOCKED|IOERR|CANTOPEN|NOMEM|READONLY)/.test(code)) {
    return new DomainError('storage.busy', { retryAfterMs: 2000, cause: new Error(code) });
  }
  return new DomainError('internal', { cause: new Error(`The log could not be written: ${code}`) });
}
