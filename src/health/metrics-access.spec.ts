import type { IncomingHttpHeaders } from 'node:http';

import { describe, expect, it } from 'vitest';

import { mayReadMetrics } from './metrics-access.js';

const TOKEN = 'a-token-of-some-length';
const mayRead = (address: string, headers: IncomingHttpHeaders = {}, token: string | null = null) =>
  mayReadMetrics({ headers, socket: { remoteAddress: address } }, token);

describe('reading the metrics', () => {
  it.each(['127.0.0.1', '127.8.0.1', '::1', '::ffff:127.0.0.1'])('is open to %s', (address) => {
    expect(mayRead(address)).toBe(true);
  });

  it.each(['10.0.0.5', '203.0.113.7', '::ffff:10.0.0.5', '127.0.0.1.example', '1127.0.0.1', ''])(
    'is closed to “%s”',
    (address) => {
      expect(mayRead(address)).toBe(false);
    },
  );

  it.each([
    'x-forwarded-for',
    'x-forwarded-proto',
    'x-forwarded-host',
    'forwarded',
    'via',
    'x-real-ip',
    'cf-connecting-ip',
  ])('is closed to what a proxy on this machine hands on (%s)', (name) => {
    expect(mayRead('127.0.0.1', { [name]: '' })).toBe(false);
  });

  it('is open from anywhere to holders of the token, and of that one only', () => {
    const from = (authorization: string, token: string | null = TOKEN) =>
      mayRead('203.0.113.7', { authorization, via: '1.1 proxy' }, token);

    expect(from(`Bearer ${TOKEN}`)).toBe(true);
    for (const wrong of [
      `Bearer ${TOKEN}x`,
      `Bearer ${TOKEN.slice(1)}`,
      'Bearer ',
      `Basic ${TOKEN}`,
      TOKEN,
      '',
    ]) {
      expect(from(wrong), wrong).toBe(false);
    }
    expect(from('Bearer null', null)).toBe(false);
  });
});
