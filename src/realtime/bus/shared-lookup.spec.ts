import dns from 'node:dns';
import type { LookupFunction } from 'node:net';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { RedisLink } from './redis.link.js';
import { sharedLookup } from './shared-lookup.js';

type Answer = Parameters<LookupFunction>[2];

/** A name server that answers when it is told to; `asked` has who waits for it. */
function silentNames(): Answer[] {
  const asked: Answer[] = [];
  const look: LookupFunction = (_hostname, _options, answer) => asked.push(answer);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of its overloads this one is called
  vi.spyOn(dns, 'lookup').mockImplementation(look as typeof dns.lookup);
  return asked;
}

describe('names that are looked up', () => {
  afterEach(() => vi.restoreAllMocks());

  it('are asked for once at a time, and everybody has the answer', () => {
    const asked = silentNames();
    const lookup = sharedLookup();
    const answers: unknown[][] = [];
    const ask = (hostname: string) => lookup(hostname, {}, (...answer) => answers.push(answer));

    ask('redis');
    ask('redis');
    ask('postgres');
    expect(asked).toHaveLength(2);
    asked[0]!(null, '192.0.2.1', 4);
    expect(answers).toEqual([
      [null, '192.0.2.1', 4],
      [null, '192.0.2.1', 4],
    ]);

    ask('redis');
    expect(asked).toHaveLength(3);
  });

  it('take one thread for all the connections to Redis', async () => {
    const asked = silentNames();
    const link = new RedisLink('redis://redis.example.org', '', {
      names: () => [],
      deliver: () => undefined,
    });
    link.start();
    await new Promise(setImmediate);
    await link.close();

    expect(asked).toHaveLength(1);
    asked[0]!(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), '', 4);
  });
});
