import { expect, it } from 'vitest';

import { detailsText } from './action-details.js';

it.each([
  [{ until: '2026-11-27T13:04:55.806Z', removed: true }, /^until Nov 27, \d\d:04 · with their messages$/],
  [
    { settings: { slowMode: 30, hostsOnly: true, shield: false } },
    'Slow mode: 30 seconds · Only hosts write: On · Shield: Off',
  ],
  [{ settings: { slowMode: 0 }, title: null }, 'Slow mode: Off'],
  [{ count: 2, terms: ['spam', 'eggs'] }, 'count: 2 · terms: spam, eggs'],
  [{ text: 'Why so late?' }, '“Why so late?”'],
  [{}, ''],
])('%j is read as %s', (details, expected) => {
  expect(detailsText(details, 'en')).toMatch(
    expected instanceof RegExp ? expected : new RegExp(`^${expected.replaceAll('?', '\\?')}$`),
  );
});

it('is said in Korean as well', () => {
  expect(detailsText({ settings: { noLinks: true, delay: 5 } }, 'ko')).toBe('링크 금지: 켬 · 지연: 5초');
});
