import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { Paced } from './paced.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('does it at once, then once for all that was asked meanwhile, each key by itself', () => {
  const done: string[] = [];
  const paced = new Paced<string>(500, (key) => done.push(key));
  for (const key of ['a', 'a', 'b', 'a']) {
    paced.ask(key);
  }
  expect(done).toEqual(['a', 'b']);
  vi.advanceTimersByTime(499);
  expect(done).toEqual(['a', 'b']);
  vi.advanceTimersByTime(1);
  expect(done).toEqual(['a', 'b', 'a']);
  paced.ask('a');
  paced.ask('b');
  expect(done).toEqual(['a', 'b', 'a', 'b']);
  vi.advanceTimersByTime(500);
  expect(done).toEqual(['a', 'b', 'a', 'b', 'a']);
  vi.advanceTimersByTime(5000);
  expect(done).toHaveLength(5);
});

it('does nothing once it is closed', () => {
  const done: string[] = [];
  const paced = new Paced<string>(500, (key) => done.push(key));
  paced.ask('a');
  paced.ask('a');
  paced.close();
  vi.advanceTimersByTime(5000);
  expect(done).toEqual(['a']);
});
