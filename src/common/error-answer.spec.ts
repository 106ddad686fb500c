import { ImATeapotException, NotFoundException, PayloadTooLargeException } from '@nestjs/common';
import { expect, it } from 'vitest';

import { domainErrorOf, errorBody, secondsToWait } from './error-answer.js';
import { DomainError } from './errors.js';

it.each([
  [new DomainError('name.taken'), 'name.taken'],
  [new NotFoundException('Cannot GET /x'), 'not-found'],
  [new PayloadTooLargeException(), 'body.too-large'],
  [new ImATeapotException(), 'frame.malformed'],
  [Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' }), 'storage.busy'],
  [Object.assign(new Error('disk full'), { code: 'SQLITE_FULL' }), 'storage.full'],
  [new TypeError('x is undefined'), 'internal'],
  ['thrown text', 'internal'],
])('knows %s as %s', (thrown, code) => {
  expect(domainErrorOf(thrown).code).toBe(code);
});

it('says it in the language asked for, with the time to wait', () => {
  const error = new DomainError('rate.limited', { retryAfterMs: 1200 });
  expect(secondsToWait(error)).toBe(2);
  expect(errorBody(error, 'ko')).toEqual({
    code: 'rate.limited',
    message: '한꺼번에 너무 많아요. 2초 뒤에 다시 해 주세요.',
  });
  expect(errorBody(new DomainError('frame.invalid', { fields: { a: 'field.taken' } }), 'en').fields).toEqual({
    a: 'This is taken, or looks like one that is.',
  });
});
