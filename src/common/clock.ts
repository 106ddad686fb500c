import { Injectable } from '@nestjs/common';

/** The time of day, injectable so that tests can own it. Durations use `performance.now()` where they are measured. */
@Injectable()
export class Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number {
    return Date.now();
  }
}
