import { expect, it } from 'vitest';

import { titleFrom } from './conversation.title.js';

it.each([
  ['Hello', 'Hello'],
  ['  # A **title**\n\twith\tlines ', 'A title with lines'],
  ['word '.repeat(40), `${'word '.repeat(11).trim()}…`],
  ['가'.repeat(100), `${'가'.repeat(59)}…`],
  ['👨‍👩‍👧'.repeat(100), `${'👨‍👩‍👧'.repeat(59)}…`],
])('the title of %j is %j', (text, title) => {
  expect(titleFrom(text)).toBe(title);
});
