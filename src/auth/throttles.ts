import { Injectable } from '@nestjs/common';

import { SharedCounters, type SharedCounter } from '../realtime/cluster/shared.counter.js';

const HOUR = 60 * 60;
const QUARTER = 15 * 60;

/** Bounds on guessing passwords and on making accounts, counted per address (IPv6: per /64) over all nodes. */
@Injectable()
export class Throttles {
  private readonly created: SharedCounter;
  private readonly guests: SharedCounter;
  private readonly wrongByName: SharedCounter;
  private readonly wrongByAddress: SharedCounter;

  constructor(counters: SharedCounters) {
    this.created = counters.make('created', 30, HOUR);
    this.guests = counters.make('guests', 20, HOUR);
    this.wrongByName = counters.make('wrong-by-name', 5, QUARTER);
    this.wrongByAddress = counters.make('wrong-by-address', 50, QUARTER);
  }

  /** Counts an account made from this address; `release` takes it back when none was made after all. */
  async countAccount(address: string): Promise<{ release(): Promise<void> }> {
    return take([[this.created, address]]);
  }

  /** Counts a guest's name chosen at this address, likewise. */
  async countGuest(address: string): Promise<{ release(): Promise<void> }> {
    return take([[this.guests, address]]);
  }

  /**
   * Counts an attempt before the password is checked, so that many at once are not more than many in a row; `release`
   * takes it back when the password was right. Nobody can lock a person out: another address has its own count.
   */
  async countAttempt(address: string, usernameKey: string): Promise<{ release(): Promise<void> }> {
    return take([
      [this.wrongByName, `${address} ${usernameKey}`],
      [this.wrongByAddress, address],
    ]);
  }
}

async function take(counts: [SharedCounter, string][]): Promise<{ release(): Promise<void> }> {
  for (const [counter, key] of counts) {
    await counter.take(key);
  }
  return {
    release: async () => {
      await Promise.all(counts.map(([counter, key]) => counter.giveBack(key)));
    },
  };
}
