import { DomainError } from '../common/errors.js';

const LONGEST_WAIT_MS = 5000;

/**
 * Lets so many handshakes through in a second; the others wait their turn, in order. Who would wait longer than five
 * seconds is refused with the time to wait, so that a reconnect storm cannot take the node down with it.
 */
export class HandshakeLimiter {
  private readonly spacing: number;
  /** When the next handshake may go, on the clock of `performance.now()`. */
  private next = 0;

  constructor(
    perSecond: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.spacing = 1000 / perSecond;
  }

  /** Resolves when it is this handshake's turn. Throws `server.draining` (503) when that is too far away. */
  async turn(): Promise<void> {
    const now = this.now();
    // A second's worth may pass at once after a pause; only a sustained storm is spread.
    const at = Math.max(this.next, now - 1000);
    const wait = at - now;
    if (wait > LONGEST_WAIT_MS) {
      throw new DomainError('server.draining', { retryAfterMs: wait });
    }
    this.next = at + this.spacing;
    if (wait > 0) {
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
