import { parentPort, workerData } from 'node:worker_threads';

import { PgAppender } from './pg-log.appender.js';
import { refusalOf } from './pg-log.faults.js';
import type { AppendRequest, WriterReply } from './writer.thread.js';

// A lock is held from one answer of the database to the next: on the thread of the sockets, that could be long.
const { url }: { url: string } = workerData;
const answer = (reply: WriterReply) => parentPort!.postMessage(reply);
const appender = new PgAppender(url, (told) => answer({ told }));

parentPort!.on('message', (request: AppendRequest | 'close') => {
  if (request === 'close') {
    void appender.close().finally(() => parentPort!.close());
    return;
  }
  const { id, drafts } = request;
  appender.append(drafts).then(
    (outcomes) => answer({ id, outcomes }),
    (error: unknown) => {
      const { code, cause } = refusalOf(error);
      answer({ id, error: `${code} ${String(cause)}` });
    },
  );
});
