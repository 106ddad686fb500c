import { describe, expect, it } from 'vitest';

import { HandshakeLimiter } from './handshake-limiter.js';

describe('the handshake limiter', () => {
  it('lets a burst of a second through, makes the next wait, and refuses who would wait over five seconds', async () => {
    let now = 10_000;
    const limiter = new HandshakeLimiter(10, () => now);
    const turns = Array.from({ length: 61 }, () => limiter.turn());
    await Promise.all(turns.slice(0, 11));
    await expect(limiter.turn()).rejects.toMatchObject({
      code: 'server.draining',
      retryAfterMs: expect.any(Number),
    });
    now += 10_000;
    await limiter.turn();
    turns.forEach((turn) => void turn.catch(() => undefined));
  });
});
