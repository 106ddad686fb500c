import { describe, expect, it } from 'vitest';

import { mentionsAi } from './mention.js';

describe('a mention', () => {
  it.each([
    '@ai hello',
    'hello @ai',
    'Hello, @AI!',
    '(@Ai)',
    '@ai, what is this?',
    'Do you know, @ai?',
    '@ai.',
    'line one\n@ai line two',
    '@ai야 안녕',
    '안녕 @ai는 어때?',
    '`code` and @ai',
    '**@ai**',
  ])('is in %j', (text) => {
    expect(mentionsAi(text, 'ai')).toBe(true);
  });

  it.each([
    'ai',
    'mail a@ai.com',
    'mail me@ai',
    '@airport',
    '@ai_bot',
    '@ai-bot',
    '@ai2',
    '@ai.com',
    '@ai/bot',
    '@@ai',
    'https://example.org/@ai',
    '`@ai`',
    '``a ` @ai``',
    '```\n@ai\n```',
    '```\n@ai and no end',
    '> @ai said',
    '@аi',
    '@ ai',
    '@aí',
    '',
  ])('is not in %j', (text) => {
    expect(mentionsAi(text, 'ai')).toBe(false);
  });

  it('is of the name that was set', () => {
    expect(mentionsAi('@마당아 안녕', '마당')).toBe(false);
    expect(mentionsAi('@마당 안녕', '마당')).toBe(true);
    expect(mentionsAi('@ai', '마당')).toBe(false);
  });

  it('is looked for in no time in a hostile text', () => {
    const started = performance.now();
    for (const text of [
      '`'.repeat(8000),
      '@a'.repeat(4000),
      '```'.repeat(3000),
      '>'.repeat(8000),
      '`a'.repeat(4000),
    ]) {
      mentionsAi(`${text}@`, 'ai');
    }
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
