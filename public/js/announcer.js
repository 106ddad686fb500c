/**
 * Reads new messages to people who listen rather than look: a few are read out, many at once are counted, and never so
 * often that one announcement cuts off the one before.
 *
 * @import { Message } from './entries.js'
 * @import { Translate } from './strings.js'
 */

import { spoken } from './spoken.js';

const EVERY_MS = 2000;
const READ_OUT = 3;

export class Announcer {
  /** @type {Message[]} */
  #waiting = [];
  /** @type {string[]} */
  #sentences = [];
  /** @type {string[]} */
  #deeds = [];
  #resting = false;

  /** @param {HTMLElement} region with aria-live @param {Translate} t */
  constructor(region, t) {
    this.region = region;
    this.t = t;
  }

  /**
   * @param {readonly Message[]} messages
   * @param {readonly string[]} [sentences] said whole, before the messages
   * @param {readonly string[]} [deeds] what was done about somebody each: many at once are counted
   */
  add(messages, sentences = [], deeds = []) {
    this.#waiting.push(...messages);
    this.#sentences.push(...sentences);
    this.#deeds.push(...deeds);
    if (this.#waiting.length + this.#sentences.length + this.#deeds.length > 0 && !this.#resting) {
      this.#speak();
    }
  }

  /** What was read out is not to be found any more, nor is it read out yet: it has been removed. @param {(message: Message) => boolean} isThere */
  forget(isThere) {
    this.region.textContent = '';
    this.#waiting = this.#waiting.filter(isThere);
  }

  #speak() {
    const messages = this.#waiting;
    const deeds = this.#deeds;
    const sentences = this.#sentences;
    this.#waiting = [];
    this.#deeds = [];
    this.#sentences = [];
    const done = deeds.length > READ_OUT ? [this.t('news.people', { count: deeds.length })] : deeds;
    const said =
      messages.length > READ_OUT ? [this.t('new', { count: messages.length })] : messages.map(spoken);
    // The same twice says nothing more; two people may well say the same.
    this.region.textContent = [...new Set([...sentences, ...done]), ...said].join('\n');
    this.#resting = true;
    setTimeout(() => {
      this.#resting = false;
      this.add([]);
    }, EVERY_MS);
  }
}
