import { expect, it } from 'vitest';

import { isDeeperThan } from './json-depth.js';

const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

it.each([
  [null, 0, false],
  ['text', 0, false],
  [[], 0, true],
  [{ a: {} }, 2, false],
  [{ a: { b: [] } }, 2, true],
  [{ a: [1, 2, { b: 1 }] }, 3, false],
  [nested(8), 8, false],
  [nested(9), 8, true],
  [nested(5000), 8, true],
])('%#: judges nesting by the limit', (value, limit, deeper) => {
  expect(isDeeperThan(value, limit)).toBe(deeper);
});
