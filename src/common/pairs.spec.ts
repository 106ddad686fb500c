import { expect, it } from 'vitest';

import { fold, pairsOf } from './pairs.js';

it.each([
  ['음악을 들어요', ['음악', '악을', '들어', '어요']],
  ['a b', []],
  ['ＡＢ ab', ['ab']],
  ['\u1112\u1161\u11AB글', ['한글']],
  ['👍🏻 x', ['👍🏻'.normalize('NFKC')]],
  // Half of a pair stands for nothing, and no database takes it.
  ['a\uD83D', ['a\uFFFD']],
  ['ÉCOLE', ['éc', 'co', 'ol', 'le']],
])('the pairs of %j', (text, pairs) => {
  expect([...pairsOf(fold(text))]).toEqual(pairs);
});
