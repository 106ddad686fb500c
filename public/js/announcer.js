/**
 * Reads new messages to people who listen rather than look: a few are read out, many at once are counted, and never so
 * often that one announcement cuts off the one before.
 *
 * @import { Message } from './entries.js'
 * @import { Translate } from './strings.js'
 */

const EVERY_MS = 2000;
const READ_OUT = 3;

export class Announcer {
  /** @type {Message[]} */
  #waiting = [];
  #resting = false;

  /** @param {HTMLElement} region with aria-live @param {Translate} t */
  constructor(region, t) {
    this.region = region;
    this.t = t;
  }

  /** @param {readonly Message[]} messages */
  add(messages) {
    this.#waiting.push(...messages);
    if (this.#waiting.length > 0 && !this.#resting) {
      this.#speak();
    }
  }

  #speak() {
    const messages = this.#waiting;
    this.#waiting = [];
    this.region.textContent =
      messages.length > READ_OUT
        ? this.t('new', { count: messages.length })
        : messages.map(({ author, text }) => `${author?.nickname ?? ''}: ${text ?? ''}`).join('\n');
    this.#resting = true;
    setTimeout(() => {
      this.#resting = false;
      this.add([]);
    }, EVERY_MS);
  }
}
