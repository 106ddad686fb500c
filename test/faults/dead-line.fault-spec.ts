import { describe, expect, it } from 'vitest';

import { eventually } from '../support/eventually.js';
import { Scenario } from './support/scenario.js';

describe('F26: a line that goes dead', { timeout: 120_000 }, () => {
  it('is found by both ends, and nothing is missing afterwards', async () => {
    const scenario = await Scenario.start();
    const [proxy, direct] = [await scenario.proxy(), await scenario.writer('direct')];
    const [writer, idle] = [await scenario.writer('writer', proxy), scenario.viewer('idle', proxy)];
    await Promise.all([writer.isLive(), idle.isLive(), direct.isLive()]);
    writer.say('before', 'nonce-before');
    await writer.allAcked();
    await idle.has(1);

    const before = await socketsOf(scenario);
    expect(before).toBe(3);
    proxy.line.swallows = true;
    const deadAt = performance.now();
    writer.say('into the void', 'nonce-void');
    direct.say('meanwhile', 'nonce-meanwhile');
    await direct.allAcked();
    const serverEnd = eventually(
      'the server to notice',
      async () => (await socketsOf(scenario)) === 1 && performance.now() - deadAt,
      { withinMs: 60_000 },
    );
    const clientEnd = Promise.all(
      [writer, idle].map((recorder) => recorder.until('noticing', () => !recorder.live, 60_000)),
    ).then(() => performance.now() - deadAt);
    const [server, client] = await Promise.all([serverEnd, clientEnd]);
    console.log(
      `half-open: the server noticed after ${Math.round(server)} ms, the clients after ${Math.round(client)} ms`,
    );
    proxy.heal();
    proxy.cutAll();
    const rows = await scenario.settle();
    expect(new Set(rows.map(({ text }) => text))).toEqual(new Set(['before', 'into the void', 'meanwhile']));
    expect(rows).toHaveLength(3);
  });
});

async function socketsOf(scenario: Scenario): Promise<number> {
  const { text } = await scenario.server.client().get('/metrics');
  return Number(/^madang_sockets\{kind="chat"\} (\d+)/m.exec(text)?.[1]);
}
