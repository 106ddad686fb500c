import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';

import { Metrics } from '../../common/metrics.js';
import { LiveRooms } from '../live-rooms.js';
import { AppendQueue } from './append.queue.js';
import type { Draft, Outcome } from './draft.js';
import { LOG_STORE, type LogStore } from './log.store.js';

/** The one way into the log: queued, committed in groups, and only then told to the rooms of this node. */
@Injectable()
export class LogWriter implements OnApplicationShutdown {
  private readonly queue: AppendQueue;

  constructor(
    @Inject(LOG_STORE) private readonly store: LogStore,
    rooms: LiveRooms,
    metrics: Metrics,
  ) {
    this.queue = new AppendQueue(store, (entries) => rooms.committed(entries), metrics);
  }

  /** Takes its place before it returns; resolves after the commit. */
  append(draft: Draft): Promise<Outcome> {
    return this.queue.append(draft);
  }

  /** Resolves when everything taken so far is committed or refused. */
  drain(): Promise<void> {
    return this.queue.drain();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.queue.drain();
    await this.store.close();
  }
}
