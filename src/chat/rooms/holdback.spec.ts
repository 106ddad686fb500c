import { describe, expect, it } from 'vitest';

import { Holdback } from './holdback.js';

describe('what is kept back', () => {
  it('is let go of when it is old enough, in order, and not a moment before', () => {
    const holdback = new Holdback(7);
    expect([holdback.head, holdback.dueAt(1000)]).toEqual([7, null]);
    holdback.add(8, 100);
    holdback.add(9, 400);
    expect(holdback.dueAt(1000)).toBe(1100);
    expect(holdback.release(1099, 1000)).toBe(7);
    expect(holdback.release(1100, 1000)).toBe(8);
    expect(holdback.dueAt(1000)).toBe(1400);
    expect(holdback.release(5000, 1000)).toBe(9);
    expect(holdback.dueAt(1000)).toBeNull();
  });

  it('goes at most 50 ms later, so that little is remembered of many', () => {
    const holdback = new Holdback(0);
    for (let seq = 1; seq <= 1000; seq++) {
      holdback.add(seq, 1 + seq / 100);
    }
    expect(holdback.release(1049, 1000)).toBe(0);
    expect(holdback.release(1050, 1000)).toBe(1000);
  });

  it('takes all before it along where some were not told of', () => {
    const holdback = new Holdback(3);
    holdback.add(10, 0);
    expect(holdback.release(1000, 1000)).toBe(10);
  });

  it('stays behind one that seems to be younger', () => {
    const holdback = new Holdback(0);
    holdback.add(1, 900);
    holdback.add(2, 100);
    expect(holdback.release(1500, 1000)).toBe(0);
    expect(holdback.release(1900, 1000)).toBe(2);
  });

  it('follows another delay with what it still has, and never goes back', () => {
    const holdback = new Holdback(0);
    [1, 2, 3].forEach((seq) => holdback.add(seq, seq * 1000));
    expect(holdback.release(2000, 1000)).toBe(1);
    expect(holdback.release(2000, 60_000)).toBe(1);
    expect(holdback.dueAt(60_000)).toBe(62_000);
    expect(holdback.release(3000, 500)).toBe(2);
    expect(holdback.release(3000, 0)).toBe(3);
  });
});
