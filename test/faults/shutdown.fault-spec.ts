import { describe, expect, it } from 'vitest';

import { flow, Load, LONG, Scenario } from './support/scenario.js';

describe('F14: SIGTERM under load', { timeout: 200_000 }, () => {
  it('acknowledges what it accepted, sends everybody away with 1012 and ends in time', async () => {
    const scenario = await Scenario.start();
    const writers = [await scenario.writer('ann'), await scenario.writer('bob')];
    const crowd = await scenario.viewers(60);
    const load = new Load(writers, 200);
    const rounds = LONG ? 20 : 3;
    for (let round = 0; round < rounds; round++) {
      await Promise.all(scenario.recorders.map((recorder) => recorder.isLive()));
      await flow(500);
      const stored = () => scenario.rows().length;
      const closesBefore = scenario.recorders.map(({ closes }) => closes.length);
      const askedAt = performance.now();
      expect(await scenario.server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
      const took = performance.now() - askedAt;
      await Promise.all(
        scenario.recorders.map((recorder, index) =>
          recorder.until('being sent away', () => recorder.closes.length > closesBefore[index]!),
        ),
      );
      expect(took).toBeLessThan(25_000);
      for (const [index, recorder] of scenario.recorders.entries()) {
        expect(recorder.closes[closesBefore[index]!], recorder.options.name).toBe(1012);
      }
      // Nothing is in the log that its sender was not told of: what was accepted was answered.
      const acked = new Set(writers.flatMap(({ acks }) => acks.map(({ nonce }) => nonce)));
      expect(stored()).toBe(acked.size);
      console.log(
        `SIGTERM: gone after ${Math.round(took)} ms, ${acked.size} entries acked, ${crowd.length} viewers`,
      );
      await scenario.restart();
    }
    load.stop();
    const rows = await scenario.settle();
    expect(rows).toHaveLength(load.count);
  });
});
