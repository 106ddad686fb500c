import { describe, expect, it } from 'vitest';

import { safeNext } from './safe-next.js';

describe('where a form leads next', () => {
  it.each([
    ['/chat/lobby', '/chat/lobby'],
    ['/', '/'],
    ['/streaming/main?x=1#m-5', '/streaming/main?x=1#m-5'],
    ['/a/../user/settings', '/user/settings'],
    ['/chat/마당', '/chat/%EB%A7%88%EB%8B%B9'],
    ['/user/login?next=//e.com', '/user/login?next=//e.com'],
  ])('may be the own path %s', (wish, path) => {
    expect(safeNext(wish, '/home')).toBe(path);
  });

  it.each([
    '//e.com',
    '///e.com',
    '/\\e.com',
    '\\\\e.com',
    '/\t/e.com',
    '/.//e.com',
    '/x/..//e.com',
    '/%2e//e.com',
    'javascript:1',
    'http://host@e.com',
    'https://e.com/',
    'e.com',
    '',
    ' /chat',
    '/x\r\nSet-Cookie: x=1',
    `/${'a'.repeat(500)}`,
    ['/chat', '//e.com'],
    { toString: () => '/chat' },
    undefined,
    null,
  ])('is never %j', (wish) => {
    expect(safeNext(wish, '/home')).toBe('/home');
  });

  it('leaves nothing in a header that could end it', () => {
    expect(safeNext('/%0d%0aSet-Cookie:x=1', '/home')).toMatch(/^\/[\x21-\x7e]*$/);
  });
});
