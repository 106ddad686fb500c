/**
 * A steady pace for busy rooms: what comes in bursts is shown one after the other, and nothing is skipped. Knows no clock:
 * whoever draws says what time it is.
 *
 * @import { Item } from './entries.js'
 */

/** Messages a second while the room is not much ahead: as fast as people read. */
const READABLE = 3;
/** A room that is always faster is followed at its own speed, this many seconds behind. */
const BEHIND_S = 30;
/** More is not kept back: the log keeps only so much. */
const MOST_BEHIND = 1500;

export class Pace {
  /** How many items wait for their turn. */
  behind = 0;
  /** When the next one is due, in whole ms from the last look; null when none waits. @type {number | null} */
  due = null;
  #on = false;
  /** The newest seq that is shown. @type {number | null} */
  #upTo = null;
  #looked = 0;
  /** The part of an item that the time passed was worth. */
  #credit = 0;

  get on() {
    return this.#on;
  }

  /** @param {boolean} on off shows everything at the next look */
  set on(on) {
    this.#on = on;
  }

  /** Everything there is may be shown at the next look. */
  catchUp() {
    this.#upTo = null;
  }

  /**
   * What may be shown by now.
   * @param {readonly Item[]} items ascending by seq
   * @param {number} now in milliseconds
   * @returns {readonly Item[]}
   */
  shown(items, now) {
    const newest = items.at(-1)?.seq ?? 0;
    if (!this.#on || this.#upTo === null || this.#upTo > newest) {
      return this.#showAll(items, newest, now);
    }
    const from = this.#upTo;
    const first = items.findLastIndex(({ seq }) => seq <= from) + 1;
    const waiting = items.length - first;
    const rate = Math.max(READABLE, waiting / BEHIND_S);
    // A first message after silence is shown at once; silence earns no more than that.
    this.#credit = Math.min(waiting, this.#credit + ((now - this.#looked) / 1000) * rate, Math.max(1, rate));
    this.#looked = now;
    const ready = Math.max(Math.floor(this.#credit), waiting - MOST_BEHIND);
    this.#credit = Math.max(0, this.#credit - ready);
    const shown = items.slice(0, first + ready);
    this.#upTo = shown.at(-1)?.seq ?? from;
    this.behind = waiting - ready;
    this.due = this.behind > 0 ? Math.ceil(((1 - this.#credit) / rate) * 1000) : null;
    return shown;
  }

  /** @param {readonly Item[]} items @param {number} newest @param {number} now */
  #showAll(items, newest, now) {
    this.#upTo = newest;
    this.#looked = now;
    this.behind = 0;
    this.due = null;
    return items;
  }
}
