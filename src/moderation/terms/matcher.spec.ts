import { describe, expect, it } from 'vitest';

import { foldings } from './fold.js';
import { fits, masked, patternsOf, TermMatcher, type Term } from './matcher.js';

const refuse = (...texts: string[]): Term[] => texts.map((text) => ({ text, outcome: 'refuse' }));
const isRefused = (term: string, text: string) => new TermMatcher(refuse(term)).match(text).refused;

describe('a term', () => {
  it.each([
    ['bad', 'bad', true],
    ['bad', 'so bad!', true],
    ['bad', 'badly', false],
    ['bad', 'abad', false],
    ['bad*', 'badly', true],
    ['bad*', 'abad', false],
    ['*bad', 'abad', true],
    ['*bad*', 'xbady', true],
    ['bad word', 'a bad   word here', true],
    ['bad word', 'bad wordy', false],
    ['욕설', '욕설', true],
    ['욕설', '욕설은 안 돼요', false],
    ['욕설*', '욕설은 안 돼요', true],
    ['*욕*', '나쁜욕이야', true],
    ['c++', 'I like c++', true],
    ['🤬', 'well 🤬', true],
    ['*', 'anything', false],
    ['**', 'anything', false],
  ])('%j in %j: %s', (term, text, expected) => {
    expect(isRefused(term, text)).toBe(expected);
  });

  it.each([
    ['width', 'ｂａｄ'],
    ['case', 'BaD'],
    ['zero-width characters', 'b\u200Ba\u2060d\uFEFF'],
    ['a soft hyphen', 'b\u00ADad'],
    ['combining marks', 'b\u0301a\u0336d\u0308'],
    ['accents', 'bád'],
    ['Cyrillic letters', 'b\u0430d'],
    ['mathematical letters', '𝓫𝓪𝓭'],
    ['a circle', 'ⓑⓐⓓ'],
    ['a sign', 'b@d'],
    ['a digit', 'b4d'],
    ['a variation selector', 'ba\uFE0Fd'],
    ['white letters in boxes', '🅱️\u{1F170}🅓'],
  ])('is found behind %s', (_name, text) => {
    expect(isRefused('bad', text)).toBe(true);
    expect(isRefused(text, 'bad')).toBe(true);
  });

  it.each([
    ['bad', '\u0412\u0410D', true],
    ['bad', '\u0412AD b\u0430d', true],
    ['bad', '\u13F4\u13AA\u13A0', true],
    ['hot', '\u041D\u041E\u0422', true],
    // A word of another script is found by its letters, whatever their case, and no small one by its capital's looks.
    ['вода', 'ВОДА', true],
    ['ВОДА', 'вода', true],
    ['bot', 'вот', false],
  ])('%j behind capitals of another script, %j: %s', (term, text, expected) => {
    expect(isRefused(term, text)).toBe(expected);
  });

  it.each([
    ['letters one by one', 'ㅂㅏㅂㅗ'],
    ['a loose final consonant', '바ㅂㅗ'],
    ['conjoining letters', '\u1107\u1161\u1107\u1169'],
    ['decomposed syllables', '바보'.normalize('NFD')],
    ['half-width letters', '\uFFB2\uFFC2\uFFB2\uFFCC'],
    ['a zero-width space', '바\u200B보'],
    ['a filler', '바\u3164보'],
  ])('in Korean is found behind %s', (_name, text) => {
    expect(isRefused('바보', text)).toBe(true);
  });

  it.each([
    ['cheap', 'so c h e a p !', true],
    ['cheap', 'C.H.E.A.P', true],
    ['cheap', 'c - h - e - a - p', true],
    ['cheap', 'ｃ　ｈ　3　ａ　ｐ', true],
    ['cheap', 'c h e a p e r', false],
    ['cheap*', 'c h e a p e r', true],
    ['cheap', 'c h e ap', false],
    ['바보', '바 보', true],
    ['바보', '너는 바.보 야', false],
    ['바보', '바 보야', false],
    ['us', 'u s', false],
    ['a b c', 'a b c', true],
    ['buy cheap', 'b u y c h e a p', true],
    ['buy cheap', 'now b.u.y. .c.h.e.a.p', true],
    ['*buy cheap*', 'b u y c h e a p e r', true],
    ['buy cheap', 'buycheap', false],
  ])('%j spelled out, in %j: %s', (term, text, expected) => {
    expect(isRefused(term, text)).toBe(expected);
  });

  it('is hidden as a whole where it is spelled out', () => {
    const text = 'so c h e a p here';
    const { masks } = new TermMatcher([{ text: 'cheap', outcome: 'mask' }]).match(text);
    expect(masked(text, masks)).toBe('so ********* here');
  });

  it('ends in a loose consonant or begins with one, both readings', () => {
    expect(isRefused('발', '바ㄹ')).toBe(true);
    expect(isRefused('*ㅂㄹ*', '아주ㅂㄹ')).toBe(true);
    expect(isRefused('바', '발')).toBe(false);
    expect(isRefused('발*', '바라기')).toBe(false);
  });

  it('masks what was written, whatever it was folded to', () => {
    const terms: Term[] = [
      { text: 'bad*', outcome: 'mask' },
      { text: 'ad', outcome: 'mask' },
      { text: '바보', outcome: 'mask' },
    ];
    const mask = (text: string) => masked(text, new TermMatcher(terms).match(text).masks);
    expect(mask('so ｂａｄ, ad! 🙂 badly')).toBe('so ***, **! 🙂 ***ly');
    expect(mask('너 바ㅂㅗ')).toBe('너 ***');
    expect(mask('nothing')).toBe('nothing');
  });
});

/** The slow, obvious way: each term at each place of each reading. */
function obvious(terms: readonly Term[], text: string): string[] {
  const found = new Set<string>();
  for (const { text: reading, starts, ends, isJoined } of foldings(text)) {
    const patterns = terms.flatMap((term) => patternsOf(term.text));
    for (const pattern of patterns.filter(({ isRun }) => isJoined || !isRun)) {
      for (let at = 0; at + pattern.key.length <= reading.length; at++) {
        const end = at + pattern.key.length;
        if (reading.startsWith(pattern.key, at) && fits(pattern, reading, at, end)) {
          found.add(`${starts[at]}–${ends[end - 1]}`);
        }
      }
    }
  }
  return [...found].sort();
}

/** The same numbers on every run. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

describe('the matcher', () => {
  it('finds what the obvious one finds', () => {
    const roll = dice(7);
    const letters = ['a', 'b', 'B', 'á', 'i', '1', ' ', '\u200B', 'ㅂ', 'ㅏ', '바', '발', '🙂', '!'];
    const word = (longest: number) =>
      Array.from({ length: 1 + roll(longest) }, () => letters[roll(letters.length)]).join('');
    const star = () => (roll(2) === 0 ? '*' : '');
    let hits = 0;
    for (let round = 0; round < 1000; round++) {
      const terms: Term[] = Array.from({ length: 1 + roll(8) }, () => ({
        text: `${star()}${word(4)}${star()}`,
        outcome: 'mask',
      }));
      const text = word(24);
      const spans = new TermMatcher(terms).match(text).masks.map(({ start, end }) => `${start}–${end}`);
      expect([...new Set(spans)].sort(), JSON.stringify({ terms, text })).toEqual(obvious(terms, text));
      hits += spans.length;
    }
    expect(hits).toBeGreaterThan(500);
  });

  it('is through with a text and terms made to be slow', () => {
    const nested = Array.from({ length: 499 }, (_, length) => `*${'a'.repeat(length + 2)}b*`);
    const matcher = new TermMatcher(refuse(...nested));
    expect(matcher.match('a'.repeat(10_000)).refused).toBe(false);
  });
});
