import { Injectable } from '@nestjs/common';

/** Smaller differences are the way that the answer took. */
const TREMOR_MS = 50;

/** The time of day, injectable so that tests can own it. Durations use `performance.now()` where they are measured. */
@Injectable()
export class Clock {
  /** The time at which `performance.now()` was 0, as somebody else counts it. */
  private origin: number | null = null;

  /** Milliseconds since 1970, UTC. */
  now(): number {
    return this.origin === null ? Date.now() : Math.round(this.origin + performance.now());
  }

  /** From now on the time is what somebody else says it is; this machine's own clock may be wrong or be set. */
  follow(now: number): void {
    const origin = now - performance.now();
    if (this.origin === null || Math.abs(origin - this.origin) > TREMOR_MS) {
      this.origin = origin;
    }
  }
}
