import { beforeEach, describe, expect, it } from 'vitest';

import { HeartbeatWatch, SILENCE_MS, type Beating } from './heartbeat.watch.js';

let watch: HeartbeatWatch<Beating>;
beforeEach(() => {
  watch = new HeartbeatWatch();
});

const run = (heartbeatAt: number, id = 'a') => ({ id, heartbeatAt });

describe('a run of another node', () => {
  it('is left alone while its mark moves, whatever its clock says', () => {
    for (const [now, mark] of [
      [0, 5_000_000],
      [SILENCE_MS, 1],
      [2 * SILENCE_MS, 2],
    ] as const) {
      expect(watch.look([run(mark)], now)).toEqual([]);
    }
  });

  it('is dead once its mark has stood still for long enough', () => {
    const still = run(7);
    expect(watch.look([still], 0)).toEqual([]);
    expect(watch.look([still, run(1, 'b')], SILENCE_MS - 1)).toEqual([]);
    expect(watch.look([still, run(1, 'b')], SILENCE_MS)).toEqual([still]);
  });

  it('is given all its time again when it was away, or when nobody could look', () => {
    watch.look([run(7)], 0);
    watch.look([], 1000);
    expect(watch.look([run(7)], SILENCE_MS)).toEqual([]);
    watch.forget();
    expect(watch.look([run(7)], 3 * SILENCE_MS)).toEqual([]);
  });
});
