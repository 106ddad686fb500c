import { expect, it } from 'vitest';

import { readTerms, writeTerms } from './term.lines.js';

it('reads a term a line, with its outcome in front', () => {
  const text = '\uFEFFspam\r\n\r\n  two words \n[mask] darn*\n[refuse]bad\r욕설';
  expect(readTerms(text, 'refuse')).toEqual({
    terms: [
      { text: 'spam', outcome: 'refuse' },
      { text: 'two words', outcome: 'refuse' },
      { text: 'darn*', outcome: 'mask' },
      { text: 'bad', outcome: 'refuse' },
      { text: '욕설', outcome: 'refuse' },
    ],
  });
  expect(readTerms('spam\n[refuse] bad', 'mask')).toEqual({
    terms: [
      { text: 'spam', outcome: 'mask' },
      { text: 'bad', outcome: 'refuse' },
    ],
  });
});

it('says which line names no outcome', () => {
  expect(readTerms('one\n\n[explode] two', 'refuse')).toEqual({ wrongLine: 3 });
});

it('reads what it writes', () => {
  const terms = [
    { text: '*spam', outcome: 'refuse' },
    { text: 'darn', outcome: 'mask' },
  ] as const;
  expect(readTerms(writeTerms(terms), 'refuse')).toEqual({ terms });
});
