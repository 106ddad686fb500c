import { readdirSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { flow, Load, LONG, Scenario } from './support/scenario.js';

/** Two hours at night. Here it is long enough for everybody to have been gone and come back, twice. */
const MINUTES = LONG ? 120 : 0.25;
/** Viewers keep all they have seen for the promises to be checked: of two hours that would be more than a machine has. */
const ROUND_MINUTES = Math.min(MINUTES, 5);
const VIEWERS = 60;
const CHURN_MS = LONG ? 10_000 : 100;

describe('F28: people come and go for a long time', { timeout: MINUTES * 75_000 + 120_000 }, () => {
  it('leaves neither files nor memory behind', async () => {
    const scenario = await Scenario.start();
    const writers = [await scenario.writer('ann'), await scenario.writer('bob')];
    const warm = performance.now() + MINUTES * 6_000;
    const heaps: [minute: number, mib: number][] = [];
    const files: number[] = [];
    let entries = 0;
    let ended = 0;
    for (let round = 0; round < MINUTES / ROUND_MINUTES; round++) {
      const crowd = await scenario.viewers(VIEWERS);
      const load = new Load(writers, 50);
      const until = performance.now() + ROUND_MINUTES * 60_000;
      for (let turn = 0; performance.now() < until; turn++) {
        crowd[turn % VIEWERS]!.cut();
        await flow(CHURN_MS);
        if (performance.now() > warm) {
          files.push(readdirSync(`/proc/${scenario.server.pid}/fd`).length);
          heaps.push([performance.now() / 60_000, await heapOf(scenario)]);
        }
      }
      load.stop();
      entries += load.count;
      expect(await scenario.settle()).toHaveLength(entries);
      ended += crowd.reduce((sum, { closes }) => sum + closes.length, 0);
      scenario.dismiss(crowd);
    }
    const climb = slopeOf(heaps) * 10;
    console.log(
      `${entries} entries, ${ended} connections ended in ${MINUTES} min; files ${files.at(0)} to ${files.at(-1)}, at most ${Math.max(...files)}` +
        (LONG ? `; heap ${climb.toFixed(1)} MiB more in 10 min` : ''),
    );
    // Each has one file; one more may be closing while its next is open, and a scrape has its own.
    expect(Math.max(...files) - Math.min(...files)).toBeLessThan(VIEWERS / 2);
    // Half a minute says nothing about a heap that is collected when it likes.
    if (LONG) {
      expect(climb).toBeLessThan(1);
    }
  });
});

async function heapOf(scenario: Scenario): Promise<number> {
  const { text } = await scenario.server.client().get('/metrics');
  return Number(/^nodejs_heap_size_used_bytes (\S+)/m.exec(text)![1]) / 2 ** 20;
}

/** The slope of the straight line that lies best. */
function slopeOf(points: readonly [x: number, y: number][]): number {
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const across = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return across / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}
