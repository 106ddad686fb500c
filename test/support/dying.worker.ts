import { parentPort } from 'node:worker_threads';

import type { AppendRequest, WriterReply } from '../../src/chat/log/writer.thread.js';

// A log's writer that stores nothing and dies of a draft that says so.
parentPort!.on('message', (request: AppendRequest | 'close') => {
  if (request === 'close') {
    parentPort!.close();
    return;
  }
  const { id, drafts } = request;
  if (drafts.some(({ nonce }) => nonce === 'dies')) {
    throw new Error('The thread has died.');
  }
  parentPort!.postMessage({ id, outcomes: [] } satisfies WriterReply);
});
