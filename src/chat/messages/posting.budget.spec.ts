import { describe, expect, it } from 'vitest';

import { Clock } from '../../common/clock.js';
import { MemoryBus } from '../../realtime/bus/memory.bus.js';
import { SharedWindows } from '../../realtime/cluster/shared.window.js';
import { PostingBudget, POSTS, POSTS_WINDOW_MS } from './posting.budget.js';

class OwnClock extends Clock {
  time = 1_000_000;
  override now(): number {
    return this.time;
  }
}

/** The budget of a server that is alone. */
function budgetOf(clock: Clock): PostingBudget {
  return new PostingBudget(new SharedWindows(clock, new MemoryBus(), null));
}

describe('the posting budget', () => {
  it('is eleven in any thirty seconds, and says exactly how long to wait', () => {
    const clock = new OwnClock();
    const budget = budgetOf(clock);
    for (let post = 0; post < POSTS; post++) {
      expect(budget.take('ann')).toBe(0);
      clock.time += 1000;
    }
    expect(budget.take('ann')).toBe(POSTS_WINDOW_MS - POSTS * 1000);
    expect(budget.take('bob')).toBe(0);
    clock.time += POSTS_WINDOW_MS - POSTS * 1000;
    expect(budget.take('ann')).toBe(0);
    expect(budget.take('ann')).toBe(1000);
  });

  it('gives back what stored nothing', () => {
    const budget = budgetOf(new OwnClock());
    for (let post = 0; post < POSTS; post++) {
      void budget.take('ann');
    }
    budget.refund('ann');
    expect(budget.take('ann')).toBe(0);
    expect(budget.take('ann')).toBeGreaterThan(0);
  });
});
