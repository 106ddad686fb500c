import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';

import { Metrics } from '../../common/metrics.js';
import { LiveRooms } from '../rooms/live-rooms.js';
import type { Action } from './action.entity.js';
import { AppendQueue } from './append.queue.js';
import type { StoredRef } from './append.plan.js';
import { refusalOf, type Draft, type Outcome } from './draft.js';
import { LOG_STORE, type LogStore } from './log.store.js';

/** The one way into the log: queued, committed in groups, and only then told to the rooms of this node. */
@Injectable()
export class LogWriter implements OnApplicationShutdown {
  private readonly queue: AppendQueue;
  private readonly observers: ((action: Action) => void)[] = [];

  constructor(
    @Inject(LOG_STORE) private readonly store: LogStore,
    rooms: LiveRooms,
    metrics: Metrics,
  ) {
    this.queue = new AppendQueue(
      store,
      (stored) => {
        rooms.committed(stored.map(({ entry }) => entry));
        for (const { action } of stored) {
          if (action) {
            this.observers.forEach((observe) => observe(action));
          }
        }
      },
      metrics,
    );
  }

  /** Tells of each act of staff that this node has committed. The observer must not throw. */
  observeActions(observer: (action: Action) => void): void {
    this.observers.push(observer);
  }

  /** Takes its place before it returns; resolves after the commit. */
  append(draft: Draft): Promise<Outcome> {
    return this.queue.append(draft);
  }

  /** The same for what is no more to its caller than stored or not: throws the refusal. */
  async write(draft: Draft): Promise<StoredRef & { dup?: true }> {
    const outcome = await this.append(draft);
    switch (outcome.status) {
      case 'refused':
        throw refusalOf(outcome);
      case 'held':
      case 'settled':
        throw new Error(`A ${draft.type} was ${outcome.status}.`);
      case 'dup':
        return { seq: outcome.seq, id: outcome.id, at: outcome.at, dup: true };
      case 'stored': {
        const { seq, id, at } = outcome.entry;
        return { seq, id, at };
      }
    }
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
