import { Logger } from '@nestjs/common';

import { DomainError } from '../../common/errors.js';
import type { Metrics } from '../../common/metrics.js';
import type { Draft, Outcome } from './draft.js';
import type { LogStore } from './log.store.js';

const BATCH_DRAFTS = 500;
const BATCH_CHARACTERS = 256 * 1024;
const QUEUE_DRAFTS = 20_000;
const QUEUE_CHARACTERS = 16 * 1024 * 1024;

type Stored = Extract<Outcome, { status: 'stored' }>;

interface Pending {
  readonly draft: Draft;
  readonly characters: number;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: what arrives while one commit runs is the next one. No timer: an idle server commits at once, a busy
 * one in batches that grow by themselves. Order of arrival is order in the log.
 */
export class AppendQueue {
  private readonly log = new Logger(AppendQueue.name);
  private readonly pending: Pending[] = [];
  private characters = 0;
  private running: Promise<void> | null = null;

  constructor(
    private readonly store: LogStore,
    private readonly onCommitted: (stored: Stored[]) => void,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Takes its place in the log before it returns; resolves after the commit. Rejects with `storage.busy` when too much
   * is waiting, and with the store's refusals.
   */
  append(draft: Draft): Promise<Outcome> {
    const characters = 'text' in draft ? draft.text.length : 0;
    if (this.pending.length >= QUEUE_DRAFTS || this.characters + characters > QUEUE_CHARACTERS) {
      return Promise.reject(new DomainError('storage.busy', { retryAfterMs: 1000 }));
    }
    return new Promise((resolve, reject) => {
      this.pending.push({ draft, characters, resolve, reject });
      this.characters += characters;
      this.metrics.queueDepth.set(this.pending.length);
      this.running ??= this.run();
    });
  }

  /** Resolves when everything taken so far is committed or refused. */
  async drain(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    // Whatever else this turn of the loop brings shares the first commit.
    await Promise.resolve();
    while (this.pending.length > 0) {
      await this.commit(this.take());
    }
    this.running = null;
  }

  private take(): Pending[] {
    let characters = 0;
    const end = this.pending.findIndex((item, index) => {
      characters += item.characters;
      return index === BATCH_DRAFTS || (index > 0 && characters > BATCH_CHARACTERS);
    });
    const batch = this.pending.splice(0, end === -1 ? this.pending.length : end);
    this.characters -= batch.reduce((sum, item) => sum + item.characters, 0);
    this.metrics.queueDepth.set(this.pending.length);
    return batch;
  }

  private async commit(batch: Pending[]): Promise<void> {
    const started = performance.now();
    let outcomes: Outcome[];
    try {
      outcomes = await this.store.append(batch.map(({ draft }) => draft));
    } catch (error) {
      batch.forEach(({ reject }) => reject(error));
      return;
    }
    this.metrics.commitSeconds.observe((performance.now() - started) / 1000);
    this.metrics.batchSize.observe(batch.length);
    batch.forEach(({ resolve }, index) => resolve(outcomes[index]!));
    try {
      this.onCommitted(outcomes.filter((outcome) => outcome.status === 'stored'));
    } catch (error) {
      // It is stored and acknowledged: who has not been told finds it in the database, and the next ones must not wait.
      this.log.error(error);
    }
  }
}
