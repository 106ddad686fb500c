import { Clock } from '../../src/common/clock.js';

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

/** The time of day, which a test can move forward. */
export class TestClock extends Clock {
  private ahead = 0;

  override now(): number {
    return super.now() + this.ahead;
  }

  advance(ms: number): void {
    this.ahead += ms;
  }
}
