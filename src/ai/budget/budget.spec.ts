import { describe, expect, it } from 'vitest';

import { Clock } from '../../common/clock.js';
import { DEFAULT_LIMITS } from '../ai.limits.js';
import { Breaker } from '../rooms/breaker.js';
import { Calibration } from './estimate.js';
import { SlidingWindow } from './sliding.window.js';
import { Turnstile } from './turnstile.js';

describe('SlidingWindow', () => {
  it('lets so many through in any stretch of time, and says how long to wait', () => {
    let now = 1000;
    const window = new SlidingWindow(2, 100, () => now);
    expect([window.take('a'), window.take('a'), window.take('a'), window.take('b')]).toEqual([0, 0, 100, 0]);
    now += 60;
    expect(window.take('a')).toBe(40);
    now += 40;
    expect(window.take('a')).toBe(0);
    window.refund('a');
    expect(window.take('a')).toBe(0);
  });
});

describe('Turnstile', () => {
  it('has one at a time at home and any number in rooms, up to what the server can do', () => {
    const turnstile = new Turnstile({ ...DEFAULT_LIMITS, running: 3 }, new Clock());
    const first = turnstile.enter('ann', 'home');
    expect(() => turnstile.enter('ann', 'home')).toThrow('ai.busy');
    turnstile.enter('ann', 'room');
    turnstile.enter('ann', 'room');
    expect(() => turnstile.enter('bob', 'home')).toThrow('ai.busy');
    first.leave();
    first.leave();
    turnstile.enter('ann', 'home');
    expect(() => turnstile.enter('bob', 'room')).toThrow('ai.busy');
  });

  it('does not count what came to nothing', () => {
    const turnstile = new Turnstile({ ...DEFAULT_LIMITS, asks: 1 }, new Clock());
    turnstile.enter('ann', 'home').refund();
    turnstile.enter('ann', 'home').leave();
    expect(() => turnstile.enter('ann', 'home')).toThrow('rate.limited');
  });
});

describe('Calibration', () => {
  it('moves towards what is counted, and believes nobody entirely', () => {
    const calibration = new Calibration();
    expect(calibration.ratio('m')).toBe(1);
    for (let call = 0; call < 50; call++) {
      calibration.learn('m', 100, 200);
      calibration.learn('liar', 100, 1_000_000);
      calibration.learn('silent', 100, 0);
    }
    expect(calibration.ratio('m')).toBeCloseTo(2, 3);
    expect(calibration.ratio('liar')).toBeLessThanOrEqual(4);
    expect(calibration.ratio('silent')).toBe(1);
  });
});

describe('Breaker', () => {
  it('opens after ten failures in a minute, closes again, and forgets them after a success', () => {
    let now = 0;
    const breaker = new Breaker(() => now);
    const fail = (times: number) => Array.from({ length: times }, () => breaker.record(true));
    fail(9);
    breaker.record(false);
    fail(9);
    expect(breaker.wait).toBe(0);
    now += 60_001;
    fail(9);
    expect(breaker.wait).toBe(0);
    fail(1);
    expect(breaker.wait).toBe(30_000);
    now += 30_000;
    expect(breaker.wait).toBe(0);
  });
});
