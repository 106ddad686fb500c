import { describe, expect, it } from 'vitest';

import { ActionLog } from '../../moderation/actions/action.log.js';
import { Clock } from '../../common/clock.js';
import { DEFAULT_LIMITS, type AiLimits } from '../ai.limits.js';
import { Breaker } from '../rooms/breaker.js';
import { AiSettings } from '../settings/ai.settings.js';
import { AiSettingsRepository } from '../settings/settings.repository.js';
import { Calibration } from './estimate.js';
import { Line } from './line.js';
import { MemoryBus } from '../../realtime/bus/memory.bus.js';
import { Census } from '../../realtime/cluster/census.js';
import { SharedSlots } from '../../realtime/cluster/shared.slots.js';
import { SharedWindows } from '../../realtime/cluster/shared.window.js';
import { SlidingWindow } from '../../realtime/cluster/sliding.window.js';
import { Turnstile } from './turnstile.js';

function turnstileWith(changes: Partial<AiLimits>): Turnstile {
  const limits = { ...DEFAULT_LIMITS, ...changes };
  // Nothing is loaded or stored here: the settings are their defaults.
  const unused: AiSettingsRepository = Object.create(AiSettingsRepository.prototype);
  const settings = new AiSettings({ openaiModel: null }, limits, unused, Object.create(ActionLog.prototype));
  const bus = new MemoryBus();
  const slots = new SharedSlots(new Census(bus, null), null);
  return new Turnstile(limits, settings, slots, new SharedWindows(new Clock(), bus, null));
}

describe('SlidingWindow', () => {
  it('lets so many through in any stretch of time, and says how long to wait', () => {
    let now = 1000;
    const window = new SlidingWindow(
      () => 2,
      100,
      () => now,
    );
    expect([window.take('a'), window.take('a'), window.take('a'), window.take('b')]).toEqual([0, 0, 100, 0]);
    now += 60;
    expect(window.take('a')).toBe(40);
    now += 40;
    expect(window.take('a')).toBe(0);
    window.refund('a');
    expect(window.take('a')).toBe(0);
  });
});

describe('Line', () => {
  it('lets so many in, has so many wait in order, and turns the others away', () => {
    let most = 1;
    const line = new Line(
      () => most,
      () => 2,
    );
    const seats = Array.from({ length: 4 }, () => line.enter());
    const [first, second, third, fourth] = seats;
    expect(seats.map((seat) => seat?.place)).toEqual([0, 1, 2, undefined]);
    expect(fourth).toBeNull();
    const moves: number[] = [];
    third!.onMove = () => moves.push(third!.place);
    second!.leave();
    second!.leave();
    expect(moves).toEqual([1]);
    first!.leave();
    expect(moves).toEqual([1, 0]);
    most = 3;
    expect([line.enter(), line.enter(), line.enter()].map((seat) => seat?.place)).toEqual([0, 0, 1]);
  });
});

describe('Turnstile', () => {
  it('has one at a time at home and any number in rooms, up to what the server can do', async () => {
    const turnstile = turnstileWith({ running: 3, queue: 0 });
    const first = await turnstile.enter('ann', 'home');
    await expect(turnstile.enter('ann', 'home')).rejects.toThrow('ai.busy');
    await turnstile.enter('ann', 'room');
    await turnstile.enter('ann', 'room');
    await expect(turnstile.enter('bob', 'home')).rejects.toThrow('ai.busy');
    first.leave();
    first.leave();
    await turnstile.enter('ann', 'home');
    await expect(turnstile.enter('bob', 'room')).rejects.toThrow('ai.busy');
  });

  it('gives everybody one place in the line', async () => {
    const turnstile = turnstileWith({ running: 1, queue: 3 });
    const first = await turnstile.enter('ann', 'room');
    const second = await turnstile.enter('ann', 'room');
    expect([first.seat.place, second.seat.place]).toEqual([0, 1]);
    await expect(turnstile.enter('ann', 'room')).rejects.toThrow('ai.busy');
    const third = await turnstile.enter('bob', 'home');
    expect(third.seat.place).toBe(2);
    first.leave();
    await second.seat.turn;
    expect([second.seat.place, third.seat.place]).toEqual([0, 1]);
    expect((await turnstile.enter('ann', 'room')).seat.place).toBe(2);
  });

  it('does not count what came to nothing', async () => {
    const turnstile = turnstileWith({ asks: 1 });
    (await turnstile.enter('ann', 'home')).refund();
    (await turnstile.enter('ann', 'home')).leave();
    await expect(turnstile.enter('ann', 'home')).rejects.toThrow('rate.limited');
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
