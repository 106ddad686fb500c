import type { Draft, Outcome } from './draft.js';

/** The injection token of the log's writing side. */
export const LOG_STORE = Symbol('LogStore');

/**
 * The writing side of the log. All drafts of a call are one transaction: when the promise resolves, every stored entry
 * has been committed and synced to the disk; when it rejects, none has. Seqs are dense per room and follow the order of
 * the drafts. Rejects with `storage.full`, `storage.busy` or `internal`.
 */
export interface LogStore {
  append(drafts: readonly Draft[]): Promise<Outcome[]>;
  /** Finishes what is running and releases the database. May be called twice. */
  close(): Promise<void>;
}
