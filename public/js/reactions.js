/**
 * Reactions: buttons to send one, and what others send floats up beside the log. Who wants no motion sees a quiet count on
 * the buttons instead.
 *
 * @import { ReactionCounts } from '../../src/protocol/frames.js'
 * @import { Reaction } from '../../src/protocol/views.js'
 * @import { Translate } from './strings.js'
 */

import { el } from './dom.js';

const KINDS = /** @type {const} */ ([
  ['❤️', 'heart'],
  ['👏', 'clap'],
  ['😂', 'laugh'],
  ['😮', 'wow'],
  ['🎉', 'party'],
]);
/** So many float at one time; of one kind in one go no more than these, however many came. */
const MOST_FLOATING = 30;
const MOST_AT_ONCE = 6;
/** What the server takes of one person: so many at once, then one in so many milliseconds. */
const AT_ONCE = 10;
const ONE_IN_MS = 200;
/** One's own comes back among the others' within this time, and has floated already. */
const OWN_MS = 2000;
/** Beside each other at the edge of the log, and no further. */
const WIDEST_DRIFT_PX = 18;
/** So long a count stays on a button after the last one came. */
const COUNT_MS = 5000;

/**
 * @typedef {object} ReactionsOptions
 * @property {Translate} t
 * @property {(reaction: Reaction) => boolean} send false when there is no connection
 */

export class Reactions {
  /** @type {Map<string, { button: HTMLElement, count: HTMLElement, sum: number, timer?: ReturnType<typeof setTimeout> }>} */
  #buttons = new Map();
  /** When one's own of each kind were sent. @type {Map<string, number[]>} */
  #own = new Map();
  #fullAt = 0;

  /**
   * @param {HTMLElement} bar hidden while one cannot react
   * @param {HTMLElement} air where they float
   * @param {ReactionsOptions} options
   */
  constructor(bar, air, { t, send }) {
    this.bar = bar;
    this.air = air;
    this.motion = matchMedia('(prefers-reduced-motion: reduce)');
    for (const [reaction, name] of KINDS) {
      const count = el('span', { class: 'chat-reaction-count number', 'aria-hidden': true });
      const label = t(`reactions.${name}`);
      const button = el(
        'button',
        { type: 'button', class: 'chat-reaction', 'aria-label': label, title: label },
        el('span', { 'aria-hidden': true }, reaction),
        count,
      );
      button.addEventListener('click', () => {
        if (this.#mayAgain() && send(reaction)) {
          this.#own.set(reaction, [...(this.#own.get(reaction) ?? []), performance.now()]);
          this.#show(reaction, 1);
        }
      });
      this.#buttons.set(reaction, { button, count, sum: 0 });
    }
    bar.replaceChildren(...[...this.#buttons.values()].map(({ button }) => button));
  }

  /** @param {boolean} shown whether one can react here now */
  draw(shown) {
    this.bar.hidden = !shown;
  }

  /** What came in a while, one's own included. @param {ReactionCounts} counts */
  receive(counts) {
    for (const [reaction] of KINDS) {
      const others = (counts[reaction] ?? 0) - this.#takeOwn(reaction, counts[reaction] ?? 0);
      if (others > 0) {
        this.#show(reaction, others);
      }
    }
  }

  /** How many of these are one's own. @param {string} reaction @param {number} most */
  #takeOwn(reaction, most) {
    const recent = (this.#own.get(reaction) ?? []).filter((at) => at > performance.now() - OWN_MS);
    const own = Math.min(recent.length, most);
    this.#own.set(reaction, recent.slice(own));
    return own;
  }

  #mayAgain() {
    const now = performance.now();
    const fullAt = Math.max(this.#fullAt, now) + ONE_IN_MS;
    if (fullAt - now > AT_ONCE * ONE_IN_MS) {
      return false;
    }
    this.#fullAt = fullAt;
    return true;
  }

  /** @param {string} reaction @param {number} count */
  #show(reaction, count) {
    if (this.motion.matches) {
      this.#count(reaction, count);
    } else if (!document.hidden) {
      for (let n = 0; n < Math.min(count, MOST_AT_ONCE); n++) {
        this.#float(reaction, n);
      }
    }
  }

  /** @param {string} reaction @param {number} n so many came before it in this go */
  #float(reaction, n) {
    if (this.air.childElementCount >= MOST_FLOATING) {
      return;
    }
    const one = el('span', { class: 'chat-float' }, reaction);
    one.style.setProperty('--drift', `${Math.round(Math.random() * WIDEST_DRIFT_PX)}px`);
    one.style.animationDelay = `${n * 70}ms`;
    one.addEventListener('animationend', () => one.remove());
    this.air.append(one);
  }

  /** @param {string} reaction @param {number} count */
  #count(reaction, count) {
    const kind = this.#buttons.get(reaction);
    if (!kind) {
      return;
    }
    kind.sum += count;
    kind.count.textContent = String(kind.sum);
    clearTimeout(kind.timer);
    kind.timer = setTimeout(() => {
      kind.sum = 0;
      kind.count.textContent = '';
    }, COUNT_MS);
  }
}
