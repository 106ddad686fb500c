import { describe, expect, it } from 'vitest';

import { DomainError } from '../../common/errors.js';
import { checkedText, MOST_LINES, spokenText } from './message.text.js';

const refusalOf = (text: string, limit = 200): string => {
  try {
    return `accepted: ${checkedText(text, limit)}`;
  } catch (error) {
    return error instanceof DomainError ? error.code : String(error);
  }
};

describe('the text of a message', () => {
  it.each([
    ['nothing', ''],
    ['spaces', ' \n\t '],
    ['zero-width characters', '\u200B\u200D\uFEFF'],
    ['Hangul fillers', '\u3164\u115F\u1160\uFFA0'],
    ['a direction override alone', '\u202E'],
    ['marks without a letter', '\u0301\u0301'],
  ])('is empty when it is %s', (_, text) => {
    expect(refusalOf(text)).toBe('text.empty');
  });

  it.each([
    ['NUL', 'a\0b'],
    ['half a surrogate pair', 'a\uD800b'],
  ])('cannot hold %s', (_, text) => {
    expect(refusalOf(text)).toBe('frame.invalid');
  });

  it.each([
    ['200 letters', 'x'.repeat(200)],
    ['200 families of eleven code units', '👨‍👩‍👧‍👦'.repeat(200)],
    ['200 syllables of three jamo', '\u1112\u1161\u11AB'.repeat(200)],
  ])('may be %s', (_, text) => {
    expect(refusalOf(text)).toBe(`accepted: ${text}`);
    expect(refusalOf(`${text}x`)).toBe('text.too-long');
  });

  it('is refused quickly when one letter carries thousands of marks', () => {
    expect(refusalOf(`e${'\u0301'.repeat(10_000)}`)).toBe('frame.invalid');
    expect(refusalOf('e\u0301\u0302\u0303'.repeat(200))).toContain('accepted');
  });

  it('is stored without the space around it', () => {
    expect(checkedText('  안녕하세요\n', 200)).toBe('안녕하세요');
  });
});

describe('what is said to a room', () => {
  const lines = (count: number, end = '\n') => Array.from({ length: count }, () => 'x').join(end);

  it.each(['\n', '\r\n', '\r', '\u2028', '\v'])('has few lines, whatever ends them: %j', (end) => {
    expect(spokenText(lines(MOST_LINES, end), 200, { role: 'user' })).toBe(lines(MOST_LINES, end));
    expect(() => spokenText(lines(MOST_LINES + 1, end), 200, { role: 'user' })).toThrow(
      expect.objectContaining({ code: 'frame.invalid', fields: { text: 'field.lines' } }),
    );
  });

  it('has as many as its staff want', () => {
    expect(spokenText(lines(50), 200, { role: 'moderator' })).toBe(lines(50));
  });
});
