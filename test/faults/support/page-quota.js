// Preloaded into a server under test: before each of the writer's transactions the database is given as many pages as the
// file QUOTA_FILE says, so that it is full as a disk would be.
// oxlint-disable typescript/unbound-method -- what is replaced is called with the `this` it would have had
import { readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

import Database from 'better-sqlite3';

const { QUOTA_FILE } = process.env;

if (!isMainThread && QUOTA_FILE !== undefined) {
  const { transaction } = Database.prototype;
  // @ts-expect-error -- a stand-in for the one generic method that the writer uses
  Database.prototype.transaction = function (work) {
    const inner = transaction.call(this, work);
    /** @param {unknown[]} drafts */
    const outer = (...drafts) => {
      this.pragma(`max_page_count = ${readFileSync(QUOTA_FILE, 'utf8')}`);
      return inner.immediate(...drafts);
    };
    return Object.assign(outer, { immediate: outer });
  };
}
