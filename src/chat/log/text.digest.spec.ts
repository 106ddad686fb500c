import { expect, it } from 'vitest';

import { digestOf } from './text.digest.js';

it.each(['Hello World', 'hello  world', 'ＨＥＬＬＯ world', 'hel\u200Blo\nworld ', 'helloworld'])(
  'takes %j for the same as “hello world”',
  (text) => {
    expect(digestOf(text)).toBe(digestOf('hello world'));
  },
);

it('tells other texts apart, and is short', () => {
  expect(new Set(['hello', 'hallo', '안녕', '안영', '!', '👍', '👍🏽'].map(digestOf)).size).toBe(7);
  expect(digestOf('x'.repeat(10_000))).toHaveLength(22);
});
