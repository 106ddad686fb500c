import { describe, expect, it } from 'vitest';

import { Scenario } from './support/scenario.js';

describe('F27: a last delivery that is lost, and then silence', { timeout: 120_000 }, () => {
  it('is found by the head in the ping', async () => {
    const scenario = await Scenario.start();
    const [writer, proxy] = [await scenario.writer('writer'), await scenario.proxy()];
    const deaf = scenario.viewer('deaf', proxy, { lossy: true });
    await Promise.all([writer.isLive(), deaf.isLive()]);
    proxy.line.drops = (text) => text.includes('the last word');
    writer.say('the first word', 'nonce-first');
    await writer.allAcked();
    await deaf.has(1);
    writer.say('the last word', 'nonce-last');
    await writer.allAcked();
    const saidAt = performance.now();
    await writer.has(2);
    expect(deaf.next).toBe(2);
    // Only the delivery was lost: the page that the client asks for goes through.
    proxy.line.drops = (text) => text.includes('the last word') && !text.includes('"history"');
    await deaf.has(2, 30_000);
    console.log(`a lost tail was found after ${Math.round(performance.now() - saidAt)} ms`);
    expect(deaf.sockets).toHaveLength(1);
    await scenario.settle();
  });
});
