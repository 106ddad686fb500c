/**
 * Why what is in a box cannot be sent: said once, and counted down where it passes with time.
 *
 * @import { ErrorData } from '../../src/protocol/frames.js'
 * @import { Translate } from './strings.js'
 */

import { tell } from './dom.js';
import { clockText } from './spans.js';

export class Refusal {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #countdown;
  #isCounting = false;

  /** @param {HTMLTextAreaElement} input @param {HTMLElement} line an alert @param {Translate} t */
  constructor(input, line, t) {
    this.input = input;
    this.line = line;
    this.t = t;
  }

  /** It passes with time, however the box changes. */
  get isCounting() {
    return this.#isCounting;
  }

  /** @param {Pick<ErrorData, 'message' | 'retryAfterMs'>} error */
  tell({ message, retryAfterMs }) {
    clearInterval(this.#countdown);
    tell(this.line, message);
    this.input.setAttribute('aria-invalid', 'true');
    this.#isCounting = retryAfterMs !== undefined;
    if (retryAfterMs === undefined) {
      return;
    }
    const until = performance.now() + retryAfterMs;
    this.#countdown = setInterval(() => {
      const seconds = Math.ceil((until - performance.now()) / 1000);
      if (seconds > 0) {
        // Not read out each second: the alert has said it once.
        this.line.setAttribute('aria-live', 'off');
        tell(this.line, this.#waitText(seconds));
      } else {
        this.forgive();
      }
    }, 1000);
  }

  /** Only time has to pass. @param {number} ms */
  wait(ms) {
    this.tell({ message: this.#waitText(Math.ceil(ms / 1000)), retryAfterMs: ms });
  }

  /** What it was refused for has passed. */
  forgive() {
    clearInterval(this.#countdown);
    this.#isCounting = false;
    tell(this.line, '');
    this.line.removeAttribute('aria-live');
    this.input.removeAttribute('aria-invalid');
  }

  /** Seconds while they can be counted along, then a clock. @param {number} seconds */
  #waitText(seconds) {
    return seconds < 100
      ? this.t('composer.wait', { seconds })
      : this.t('composer.wait-long', { time: clockText(seconds) });
  }
}
