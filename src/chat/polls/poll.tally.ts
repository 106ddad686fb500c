import { Injectable } from '@nestjs/common';

import type { Poll } from './poll.entity.js';
import { PollsRepository } from './polls.repository.js';

/** So long a count is good for whoever comes; those who are there are told of every change. */
const GOOD_MS = 500;
/** Polls that are remembered at one time. */
const MOST = 1000;

type Counted = Pick<Poll, 'id' | 'choices'>;

/** How polls stand: counted in the database at most twice a second, however many people come in. */
@Injectable()
export class PollTally {
  private readonly known = new Map<string, { at: number; counts: Promise<number[]> }>();

  constructor(private readonly polls: PollsRepository) {}

  /** Votes by choice, as they were at most half a second ago. */
  of(poll: Counted): Promise<number[]> {
    const known = this.known.get(poll.id);
    return known && performance.now() - known.at < GOOD_MS ? known.counts : this.anew(poll);
  }

  /** The same as of now. */
  anew(poll: Counted): Promise<number[]> {
    const counts = this.polls.count(poll);
    if (this.known.size >= MOST) {
      this.known.clear();
    }
    this.known.set(poll.id, { at: performance.now(), counts });
    counts.catch(() => this.known.delete(poll.id));
    return counts;
  }
}
