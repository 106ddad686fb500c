import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

import SqliteDatabase, { type Database } from 'better-sqlite3';

import { DomainError } from '../../common/errors.js';
import type { Draft, Outcome } from './draft.js';
import type { LogStore } from './log.store.js';
import type { AppendReply, AppendRequest } from './sqlite-log.worker.js';

const LOCK_WAIT_MS = 10_000;

interface Waiting {
  readonly resolve: (outcomes: Outcome[]) => void;
  readonly reject: (error: Error) => void;
}

/** The log on SQLite: one writer in a thread of its own, so that no sync to the disk holds up the sockets. */
export class SqliteLogStore implements LogStore {
  private worker: Worker | null;
  private exited: Promise<void> = Promise.resolve();
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private closed = false;
  private readonly lock: Database;

  constructor(private readonly file: string) {
    this.lock = lockFor(file);
    // At once: the first message should not wait for a thread to start.
    this.worker = this.start();
  }

  async append(drafts: readonly Draft[]): Promise<Outcome[]> {
    if (this.closed) {
      throw new DomainError('server.draining');
    }
    // Should the thread ever die, the next append starts another; what was on its way is retried by its nonce.
    const worker = (this.worker ??= this.start());
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      worker.postMessage({ id, drafts } satisfies AppendRequest);
    });
  }

  async close(): Promise<void> {
    if (!this.closed) {
      this.closed = true;
      this.worker?.postMessage('close');
    }
    await this.exited;
    this.lock.close();
  }

  private start(): Worker {
    // The extension is .js when built, and .ts under the test runner.
    const script = new URL(`./sqlite-log.worker${extname(import.meta.url)}`, import.meta.url);
    const worker = new Worker(script, { workerData: { file: this.file } });
    worker.on('message', (reply: AppendReply) => this.settle(reply));
    worker.on('error', (error) => this.fail(error));
    this.exited = new Promise((resolve) => {
      worker.once('exit', () => {
        this.fail(new Error('The log writer has ended.'));
        resolve();
      });
    });
    return worker;
  }

  private settle(reply: AppendReply): void {
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if ('outcomes' in reply) {
      waiting?.resolve(reply.outcomes);
    } else {
      waiting?.reject(refusalFor(reply.error));
    }
  }

  private fail(cause: Error): void {
    this.worker = null;
    for (const { reject } of this.waiting.values()) {
      reject(new DomainError('storage.busy', { cause }));
    }
    this.waiting.clear();
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

/**
 * Holds the file for one server: a second one would append behind the first one's back, and its viewers would not be
 * told. The lock ends with the process, however it ends; a server that is just leaving is waited for.
 */
function lockFor(file: string): Database {
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
