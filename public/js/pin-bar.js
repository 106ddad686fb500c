/**
 * The pinned message above the list. Each reader may put it away, and get it back.
 *
 * @import { PinView } from '../../src/protocol/views.js'
 * @import { Emotes } from './inline-marks.js'
 * @import { Translate } from './strings.js'
 */

import { slot, tell } from './dom.js';
import { isShown } from './pin.js';
import { PutAway } from './put-away.js';
import { showLine, showWords } from './show-words.js';

/** Longer than this no timer runs; what is further off is looked at again then. */
const LONGEST_WAIT_MS = 60 * 60_000;

/**
 * @typedef {object} PinBarOptions
 * @property {Translate} t
 * @property {string} slug
 * @property {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>} storage
 * @property {() => boolean} marks whether bold and the like are shown as such here
 * @property {() => Emotes} emotes of the room, by name
 * @property {(seq: number) => void} onGoTo
 * @property {() => void} onUnpin
 * @property {(text: string) => void} onNew told of what is pinned while the reader is here
 * @property {() => void} onOver its time is over: it is to be drawn again
 */

export class PinBar {
  /** The entry that pinned what is drawn; undefined until something was drawn. @type {number | null | undefined} */
  #drawn;
  /** What is drawn, to leave it alone while that is the same. @type {PinView | null} */
  #pin = null;
  /** With which emotes. @type {Emotes | null} */
  #emotes = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {HTMLElement} panel @param {PinBarOptions} options */
  constructor(panel, options) {
    this.options = options;
    this.bar = slot(panel, 'pin');
    this.putAway = new PutAway(
      { place: this.bar, close: slot(panel, 'pin-close'), open: slot(panel, 'pin-open') },
      options.storage,
      `madang:pin:${options.slug}`,
    );
    this.remove = slot(panel, 'pin-remove');
    this.remove.addEventListener('click', () => options.onUnpin());
    slot(panel, 'pin-go').addEventListener('click', () => this.#pin && options.onGoTo(this.#pin.target));
  }

  /** @param {PinView | null} pin @param {{ staff: boolean, live: boolean }} reader */
  draw(pin, { staff, live }) {
    const now = Date.now();
    const shown = isShown(pin, now) ? pin : null;
    this.remove.hidden = !staff;
    this.bar.hidden = shown === null;
    const emotes = this.options.emotes();
    if (shown === this.#pin && emotes === this.#emotes && this.#drawn !== undefined) {
      return;
    }
    this.#emotes = emotes;
    clearTimeout(this.#timer);
    const isNew = shown !== null && shown.seq !== this.#drawn && this.#drawn !== undefined;
    this.#pin = shown;
    this.#drawn = shown?.seq ?? null;
    if (shown) {
      this.#fill(shown);
      if (shown.until !== undefined) {
        const left = Date.parse(shown.until) - now;
        this.#timer = setTimeout(() => this.options.onOver(), Math.min(left + 50, LONGEST_WAIT_MS));
      }
      if (isNew && live) {
        this.options.onNew(this.options.t('pin.new', { text: shown.message.text ?? '' }));
      }
    }
  }

  /** @param {PinView} pin */
  #fill({ seq, message, by }) {
    const { t, marks, emotes } = this.options;
    tell(slot(this.bar, 'pin-by'), t('pin.by', { name: by.nickname }));
    tell(slot(this.bar, 'pin-name'), message.author?.nickname ?? t('message.no-author'));
    showWords(slot(this.bar, 'pin-text'), message.text ?? '', marks(), emotes());
    showLine(slot(this.bar, 'pin-line'), message.text ?? '', emotes());
    this.putAway.show(String(seq));
  }
}
