import { describe, expect, it } from 'vitest';

import { PasswordHasher } from './password-hasher.js';

const hasher = new PasswordHasher();

describe('a password', () => {
  it.each([
    ['its first 72 bytes', 'x'.repeat(72) + 'one1', 'x'.repeat(72) + 'two2'],
    ['what comes before a NUL', 'abc\0one1', 'abc\0two2'],
    ['its bytes in Korean', '비밀번호'.repeat(20) + '1', '비밀번호'.repeat(20) + '2'],
  ])('is more than %s', async (_, password, other) => {
    const hash = await hasher.hash(password);
    expect(await hasher.matches(password, hash)).toBe(true);
    expect(await hasher.matches(other, hash)).toBe(false);
  });

  it('of nobody never matches', async () => {
    expect(await hasher.matches('', null)).toBe(false);
  });
});
