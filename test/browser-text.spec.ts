import { describe, expect, it } from 'vitest';

import { countGraphemes, initial } from '../public/js/graphemes.js';
import { linkify } from '../public/js/linkify.js';
import { mentions } from '../public/js/mentions.js';
import { translator } from '../public/js/strings.js';
import { timesFor } from '../public/js/times.js';
import { MENTION_CASES } from './support/mention-cases.js';

describe('addresses in text', () => {
  it.each([
    ['see https://example.com/a?b=c#d now', 'https://example.com/a?b=c#d'],
    ['(https://example.com/a).', 'https://example.com/a'],
    [
      'https://en.wikipedia.org/wiki/Yard_(disambiguation)',
      'https://en.wikipedia.org/wiki/Yard_(disambiguation)',
    ],
    ['여기예요: http://예시.한국/마당.', 'http://예시.한국/마당'],
    ['“https://example.com/x”', 'https://example.com/x'],
  ])('are found in %j', (text, address) => {
    const links = linkify(text).filter(({ href }) => href !== undefined);
    expect(links.map((link) => link.text)).toEqual([address]);
    expect(links[0]!.href).toMatch(/^https?:\/\//);
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'https://',
    'https://bank.example@evil.example/',
    'ftp://example.com',
    'xhttps:/example.com',
  ])('are not seen in %j', (text) => {
    expect(linkify(text)).toEqual([{ text }]);
  });

  it('give the whole text back, piece by piece', () => {
    const text = 'a https://x.example/1, b (http://y.example) c https://z@w.example d';
    expect(
      linkify(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });

  it('take no longer for a long run of brackets than for any other text', () => {
    const text = `https://x.example/${')'.repeat(20_000)}`;
    expect(linkify(text)[0]).toEqual({ text: 'https://x.example/', href: 'https://x.example/' });
  });
});

describe('mentions', () => {
  it.each(MENTION_CASES)('%j calls %j: %s', (text, nickname, calls) => {
    expect(mentions(text, nickname)).toBe(calls);
  });
});

describe('characters', () => {
  it('are counted as people count them', () => {
    expect(countGraphemes('가👩‍👩‍👧‍👦🇰🇷e\u0301')).toBe(4);
    expect(initial('éa')).toBe('É');
    expect(initial('👩‍🚀 moon')).toBe('👩‍🚀');
    expect(initial('')).toBe('');
  });
});

describe('sentences', () => {
  const sentences = { one: '{name}: {count}', people_one: '{count} person', people_other: '{count} people' };

  it('are filled in, in the plural form of their count', () => {
    const t = translator(sentences, 'en');
    expect(t('people', { count: 1 })).toBe('1 person');
    expect(t('people', { count: 1284 })).toBe('1,284 people');
    expect(t('one', { name: '{count}', count: 2 })).toBe('{count}: 2');
    expect(t('unknown.key')).toBe('unknown.key');
  });
});

describe('times', () => {
  const times = timesFor('en', { now: () => new Date('2026-03-05T10:00:00Z'), timeZone: 'Asia/Seoul' });

  it('are short today and name the day otherwise', () => {
    expect(times.short(new Date('2026-03-05T00:05:00Z'))).toBe('09:05');
    expect(times.short(new Date('2026-03-04T10:00:00Z'))).toBe('Mar 4 19:00');
  });

  it('say how long ago, in one unit', () => {
    expect(times.ago(new Date('2026-03-05T09:59:30Z'))).toBe('now');
    expect(times.ago(new Date('2026-03-05T09:58:00Z'))).toBe('2 min. ago');
    expect(times.ago(new Date('2026-03-03T10:00:00Z'))).toBe('2 days ago');
  });

  it('know the day where the reader is', () => {
    expect(times.dayKey('2026-03-04T14:59:59.000Z')).toBe('2026-03-04');
    expect(times.dayKey('2026-03-04T15:00:00.000Z')).toBe(times.today());
  });
});
