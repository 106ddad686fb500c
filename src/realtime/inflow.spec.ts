import { assert, asyncProperty, infiniteStream, integer, nat } from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Inflow } from './inflow.js';
import type { LogFrame } from './ring.js';

const frame = (seq: number): LogFrame<number> => ({ seq, json: `${seq}`, entry: seq, restricted: false });
const upTo = (head: number) => Array.from({ length: head }, (_, index) => index + 1);

/** A log of so many entries, and what an inflow made of it. */
function inflowOf(stored: number, { fails = 0, first = 1 } = {}) {
  let failures = fails;
  const taken: number[] = [];
  const read = vi.fn(async (from: number, limit: number) => {
    if (failures-- > 0) {
      throw new Error('the database is away');
    }
    return upTo(stored)
      .filter((seq) => seq >= Math.max(first, from))
      .slice(0, limit)
      .map(frame);
  });
  const inflow = new Inflow<number>(0, {
    read,
    take: ({ seq }) => taken.push(seq),
    taken: () => undefined,
  });
  return { inflow, taken, read };
}

describe('the inflow of a log', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const settle = () => vi.advanceTimersByTimeAsync(100);

  it('asks the database for nothing while entries only cross each other', async () => {
    const { inflow, taken, read } = inflowOf(5);
    for (const seq of [2, 1, 5, 3, 4, 4, 1]) {
      inflow.append([frame(seq)]);
    }
    await settle();
    expect(taken).toEqual([1, 2, 3, 4, 5]);
    expect(read).not.toHaveBeenCalled();
  });

  it('fills a hole from the database within 100 ms, and what was said to be there', async () => {
    const { inflow, taken } = inflowOf(450);
    inflow.append([frame(3)]);
    await settle();
    expect(taken.slice(0, 3)).toEqual([1, 2, 3]);
    inflow.expect(450);
    await settle();
    expect(taken).toEqual(upTo(450));
  });

  it('tries again when somebody speaks of a newer entry', async () => {
    const { inflow, taken } = inflowOf(9, { fails: 1 });
    inflow.expect(4);
    await settle();
    expect(taken).toEqual([]);
    inflow.expect(9);
    await settle();
    expect(taken).toEqual(upTo(9));
    inflow.close();
    inflow.expect(10);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('asks once for what is not there, and again when somebody speaks of it', async () => {
    const { inflow, taken, read } = inflowOf(3);
    inflow.expect(5);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(taken).toEqual([1, 2, 3]);
    expect(read).toHaveBeenCalledTimes(2);
    inflow.expect(5);
    await settle();
    expect(read).toHaveBeenCalledTimes(3);
  });

  it('goes on behind a hole that is no longer kept', async () => {
    const { inflow, taken } = inflowOf(12, { first: 10 });
    inflow.append([frame(1), frame(12)]);
    await settle();
    expect(taken).toEqual([1, 10, 11, 12]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('takes each entry once and in order, whatever is lost, doubled or late', async () => {
    await assert(
      asyncProperty(integer({ min: 1, max: 40 }), infiniteStream(nat()), async (head, random) => {
        const { inflow, taken } = inflowOf(head);
        const arrivals = upTo(head)
          .flatMap((seq) => Array.from({ length: random.next().value! % 3 }, () => seq))
          .map((seq) => ({ seq, at: random.next().value! % 50 }))
          .sort((a, b) => a.at - b.at);
        for (const { seq } of arrivals) {
          inflow.append([frame(seq)]);
          await vi.advanceTimersByTimeAsync(random.next().value! % 10);
        }
        inflow.expect(head);
        await settle();
        expect(taken).toEqual(upTo(head));
      }),
      { numRuns: 200 },
    );
  });
});
