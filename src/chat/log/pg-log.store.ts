import { Logger } from '@nestjs/common';

import { DomainError } from '../../common/errors.js';
import type { Draft, Outcome } from './draft.js';
import type { LogStore } from './log.store.js';
import { WriterThread } from './writer.thread.js';

/** The log on PostgreSQL: its rooms are locked from a thread of its own, so that no busy node keeps others waiting. */
export class PgLogStore implements LogStore {
  private readonly log = new Logger('Log');
  private readonly thread: WriterThread;

  constructor(url: string) {
    this.thread = new WriterThread({
      script: 'pg-log.worker',
      data: { url },
      refusalFor,
      onTold: (told) => this.log.warn(told),
    });
  }

  append(drafts: readonly Draft[]): Promise<Outcome[]> {
    return this.thread.append(drafts);
  }

  close(): Promise<void> {
    return this.thread.close();
  }
}

/** The worker says which refusal it is, and why. */
function refusalFor(error: string): Error {
  const [code = '', ...why] = error.split(' ');
  const cause = new Error(why.join(' '));
  switch (code) {
    case 'storage.busy':
      return new DomainError(code, { retryAfterMs: 2000, cause });
    case 'storage.full':
    case 'server.draining':
      return new DomainError(code, { cause });
    default:
      return new DomainError('internal', { cause });
  }
}
