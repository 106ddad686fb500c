// Preloaded into a server under test, where it ends the process by SIGKILL at a named place: the product itself has no
// such places. `FAILPOINT` is `NAME:N`, the Nth time that the log's writer or its acknowledgements come by:
//   transaction  everything is written, COMMIT has not begun
//   commit       some hundred microseconds after COMMIT has begun, wherever it is then
//   committed    COMMIT has returned, nobody has been told
//   acked        the acknowledgement has left, the entry has not been published
// oxlint-disable typescript/unbound-method -- what is replaced is called with the `this` it would have had
import { Socket } from 'node:net';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

import Database from 'better-sqlite3';
import { Client } from 'pg';

const [name, count] = (process.env['FAILPOINT'] ?? '').split(':');
let left = Number(count);

/** @param {string} place */
function comeBy(place) {
  if (place === name && --left === 0) {
    process.kill(process.pid, 'SIGKILL');
  }
}

if (isMainThread) {
  killAfterAnAck();
} else if (!workerData?.killer) {
  killAroundTheCommit();
  killAroundTheCommitOfPostgres();
}

function killAroundTheCommit() {
  const killer = name === 'commit' ? aKiller() : null;
  const { transaction } = Database.prototype;
  // @ts-expect-error -- a stand-in for the one generic method that the writer uses
  Database.prototype.transaction = function (work) {
    const inner = transaction.call(this, (/** @type {unknown[]} */ ...drafts) => {
      const result = work(...drafts);
      comeBy('transaction');
      if (killer && --left === 0) {
        Atomics.store(killer, 0, 1);
        Atomics.notify(killer, 0);
      }
      return result;
    });
    /** @param {unknown[]} drafts */
    const outer = (...drafts) => {
      const result = inner.immediate(...drafts);
      comeBy('committed');
      return result;
    };
    return Object.assign(outer, { immediate: outer });
  };
}

function killAroundTheCommitOfPostgres() {
  const { query } = Client.prototype;
  // @ts-expect-error -- a stand-in for the one overload that the writer uses
  Client.prototype.query = function (statement, ...rest) {
    const isCommit = statement === 'COMMIT';
    if (isCommit) {
      comeBy('transaction');
    }
    // @ts-expect-error -- whatever its arguments are, they go on
    const answer = query.call(this, statement, ...rest);
    if (!isCommit) {
      return answer;
    }
    // Sent, and on its way to the server or back.
    setImmediate(() => comeBy('commit'));
    return answer.then((/** @type {unknown} */ result) => {
      comeBy('committed');
      return result;
    });
  };
}

/** A thread that kills the process while another is inside SQLite. */
function aKiller() {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const code = `
    const { workerData: { flag, us } } = require('node:worker_threads');
    Atomics.wait(flag, 0, 0);
    const until = process.hrtime.bigint() + BigInt(us) * 1000n;
    while (process.hrtime.bigint() < until);
    process.kill(process.pid, 'SIGKILL');`;
  const us = Math.floor(Math.random() * 600);
  new Worker(code, { eval: true, workerData: { killer: true, flag, us } }).unref();
  return flag;
}

function killAfterAnAck() {
  const { write, uncork } = Socket.prototype;
  let isWritten = false;
  // @ts-expect-error -- whatever its arguments are, they go on
  Socket.prototype.write = function (data, ...rest) {
    isWritten ||= Buffer.isBuffer(data) && data.includes('{"event":"ack"');
    // @ts-expect-error -- see above
    return write.call(this, data, ...rest);
  };
  Socket.prototype.uncork = function () {
    uncork.call(this);
    if (isWritten) {
      isWritten = false;
      comeBy('acked');
    }
  };
}
