import { expect, it } from 'vitest';

import { hasLink } from './links.js';

it.each([
  'https://example.org',
  'look: HTTP://EXAMPLE.org/a?b#c',
  'www.example.com',
  'example.com',
  'go to example.kr/path now',
  'naver.com에서 봐요',
  'ｅｘａｍｐｌｅ．ｃｏｍ',
  'exam\u200Bple.c\u00ADom',
  'example。com',
  'ftp://example.org/file',
  'http://127.0.0.1:8080/x',
  'discord.gg/abc',
  'hxxp://example.org',
])('finds the link in %j', (text) => {
  expect(hasLink(text)).toBe(true);
});

it.each([
  'hello.',
  'Wait... what?',
  '안녕하세요.반가워요',
  'version 1.2.3',
  'at 10:30, 3.5 points',
  'ann@example.org',
  'e.g. this',
  '//comment',
])('finds none in %j', (text) => {
  expect(hasLink(text)).toBe(false);
});
