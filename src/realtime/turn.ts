import { setImmediate } from 'node:timers/promises';

/** As long as others of the loop wait for a long piece of work, in ms. */
const TURN_MS = 4;

/** Cuts a long piece of work into turns, between which the loop does what else there is: acknowledgements, above all. */
export class Turn {
  /** How long the work has taken without its pauses, up to the last of them. */
  private worked = 0;
  private began = performance.now();

  /** In all, in ms. */
  get busyMs(): number {
    return this.worked + performance.now() - this.began;
  }

  get isOver(): boolean {
    return performance.now() - this.began > TURN_MS;
  }

  async pause(): Promise<void> {
    this.worked = this.busyMs;
    await setImmediate();
    this.began = performance.now();
  }
}
