import { expect, it } from 'vitest';

import { DomainError } from './errors.js';
import { Gate } from './gate.js';

/** A task that ends when told to. */
function task() {
  let end!: () => void;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { run: () => ended, end };
}

it('runs so many at once, in order, and refuses whoever would wait behind too many', async () => {
  const gate = new Gate(1, 1);
  const [first, second] = [task(), task()];
  const order: string[] = [];

  const one = gate.run(first.run).then(() => order.push('first'));
  const two = gate.run(second.run).then(() => order.push('second'));
  await expect(gate.run(async () => 'third')).rejects.toThrow(DomainError);

  second.end();
  first.end();
  await Promise.all([one, two]);
  expect(order).toEqual(['first', 'second']);
  expect(await gate.run(async () => 'free again')).toBe('free again');
});

it('gives the place back when a task fails', async () => {
  const gate = new Gate(1, 0);
  await expect(gate.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await gate.run(async () => 1)).toBe(1);
});
