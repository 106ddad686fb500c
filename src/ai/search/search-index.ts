import { setImmediate } from 'node:timers/promises';

import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';

import { EntriesRepository } from '../../chat/messages/entries.repository.js';
import { fold, pairsOf } from '../../common/pairs.js';
import { SearchIndexRepository, type Unread } from './search-index.repository.js';

/** Conversations that are read in after one search; the next goes on with more. */
const MOST = 200;
const CHUNK = 200;

/**
 * The index behind the search of conversations. It is brought up to the log after a search and not while people write:
 * what it does not have yet is searched by reading, so that it is never wrong, and only ever saves work.
 */
@Injectable()
export class SearchIndex implements OnModuleDestroy {
  private readonly log = new Logger('Ai');
  private readonly running = new Map<string, Promise<void>>();
  private closing = false;

  constructor(
    private readonly repository: SearchIndexRepository,
    private readonly entries: EntriesRepository,
  ) {}

  /** Takes in what a person's conversations have more than the index. Never rejects. */
  catchUp(ownerId: string): Promise<void> {
    let running = this.running.get(ownerId);
    if (!running) {
      running = this.readAll(ownerId)
        .catch((error: unknown) => this.log.error(error))
        .finally(() => this.running.delete(ownerId));
      this.running.set(ownerId, running);
    }
    return running;
  }

  async onModuleDestroy(): Promise<void> {
    this.closing = true;
    await Promise.all(this.running.values());
  }

  private async readAll(ownerId: string): Promise<void> {
    for (const conversation of await this.repository.behind(ownerId, MOST)) {
      if (this.closing) {
        return;
      }
      await this.read(conversation);
      // People's frames go first.
      await setImmediate();
    }
  }

  private async read({ roomId, upTo }: Unread): Promise<void> {
    const pairs = new Set<string>();
    let last = upTo;
    let length: number;
    do {
      const page = await this.entries.from(roomId, last + 1, CHUNK);
      page.forEach(({ text }) => pairsOf(fold(text ?? '')).forEach((pair) => pairs.add(pair)));
      ({ length } = page);
      last = page.at(-1)?.seq ?? last;
    } while (length === CHUNK);
    await this.repository.add(roomId, [...pairs], last);
  }
}
