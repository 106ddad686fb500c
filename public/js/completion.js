/**
 * Suggestions while somebody writes: names after `@`, emojis after `:`, commands after `/`. Arrows move, Tab and Enter take,
 * Escape closes; the focus stays in the box, and a syllable that is being composed is left alone.
 *
 * A textarea may not be a `combobox`, so it stays a text box that names its list and the option that is active in it.
 */

import { el } from './dom.js';
import { emotePicture } from './show-words.js';

/** @import { Emote } from './emote-words.js' */

/**
 * @typedef {object} Choice
 * @property {string} label what is shown
 * @property {Omit<Emote, 'text'>} [emote] its picture, before it
 * @property {string} [detail] and what explains it
 * @property {string} insert what takes the place of what was typed
 */

/**
 * @typedef {object} Source
 * @property {RegExp} begins matches what stands before the caret; its first group is what was typed of the name
 * @property {string} sign what it begins with
 * @property {(query: string) => readonly Choice[] | Promise<readonly Choice[]>} find the best first
 */

/** An input method that is still composing, also where `isComposing` is late (Safari). */
const COMPOSING_KEY = 229;
const MOST = 8;

export class Completion {
  /** @type {readonly Choice[]} */
  #choices = [];
  #active = 0;
  /** Where in the text the name begins that is being typed. */
  #from = 0;
  /** What was dismissed with Escape stays away until something else is typed. */
  #dismissed = '';

  /** @param {HTMLTextAreaElement} input @param {readonly Source[]} sources @param {string} label */
  constructor(input, sources, label) {
    this.input = input;
    this.sources = sources;
    this.list = el('ul', {
      class: 'suggestions',
      id: 'composer-suggestions',
      role: 'listbox',
      'aria-label': label,
      hidden: true,
    });
  }

  /** Begins to help in its box. */
  attach() {
    const { input } = this;
    input.before(this.list);
    input.setAttribute('aria-autocomplete', 'list');
    input.addEventListener('input', () => void this.#look());
    input.addEventListener('click', () => void this.#look());
    input.addEventListener('blur', () => this.close());
    // Before the box itself hears of it: Enter would send.
    input.form?.addEventListener('keydown', (event) => this.#key(event), { capture: true });
    this.list.addEventListener('pointerdown', (event) => this.#pressed(event));
  }

  close() {
    this.#choices = [];
    this.list.hidden = true;
    this.list.replaceChildren();
    this.input.removeAttribute('aria-activedescendant');
    this.input.removeAttribute('aria-controls');
  }

  async #look() {
    const { value, selectionStart, selectionEnd } = this.input;
    const before = value.slice(0, selectionStart);
    const asked = selectionStart === selectionEnd && before !== this.#dismissed ? this.#asked(before) : null;
    if (!asked) {
      this.close();
      return;
    }
    const { source, query } = asked;
    const found = await source.find(query);
    const isStale = before !== this.input.value.slice(0, this.input.selectionStart);
    if (isStale || document.activeElement !== this.input) {
      return;
    }
    this.#from = before.length - query.length - source.sign.length;
    // What is written out already needs no suggestion, and Enter sends it.
    const isDone = found.some(({ insert }) => insert.trim() === `${source.sign}${query}`);
    this.#show(isDone ? [] : found.slice(0, MOST));
  }

  /** @param {string} before what stands before the caret */
  #asked(before) {
    for (const source of this.sources) {
      const match = source.begins.exec(before);
      if (match) {
        return { source, query: match[1] ?? '' };
      }
    }
    return null;
  }

  /** @param {readonly Choice[]} choices */
  #show(choices) {
    if (choices.length === 0) {
      this.close();
      return;
    }
    this.#choices = choices;
    this.list.replaceChildren(
      ...choices.map(({ label, emote, detail }, index) =>
        el(
          'li',
          { role: 'option', id: `suggestion-${index}`, class: 'suggestion' },
          ...(emote ? [emotePicture(emote, '')] : []),
          el('bdi', {}, label),
          ...(detail ? [' ', el('span', { class: 'suggestion-detail' }, detail)] : []),
        ),
      ),
    );
    this.list.hidden = false;
    this.input.setAttribute('aria-controls', this.list.id);
    this.#activate(0);
  }

  /** @param {number} index */
  #activate(index) {
    this.#active = (index + this.#choices.length) % this.#choices.length;
    [...this.list.children].forEach((option, at) =>
      option.setAttribute('aria-selected', String(at === this.#active)),
    );
    const option = this.list.children[this.#active];
    option?.scrollIntoView({ block: 'nearest' });
    this.input.setAttribute('aria-activedescendant', option?.id ?? '');
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (this.list.hidden || event.isComposing || event.keyCode === COMPOSING_KEY) {
      return;
    }
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      this.#activate(this.#active + moves[event.key]);
    } else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey) {
      this.#take(this.#active);
    } else if (event.key === 'Escape') {
      this.#dismissed = this.input.value.slice(0, this.input.selectionStart);
      this.close();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** The focus stays in the box. @param {PointerEvent} event */
  #pressed(event) {
    event.preventDefault();
    const option = event.target instanceof Element ? event.target.closest('[role="option"]') : null;
    const index = option ? [...this.list.children].indexOf(option) : -1;
    if (index >= 0) {
      this.#take(index);
    }
  }

  /** @param {number} index */
  #take(index) {
    const choice = this.#choices[index];
    this.close();
    if (choice) {
      insertText(this.input, choice.insert, this.#from);
    }
  }
}

/**
 * Puts a text where the caret is, as if it had been typed: it can be undone, and whoever listens hears of it.
 * @param {HTMLTextAreaElement} input
 * @param {string} text
 * @param {number} [from] where what it takes the place of begins
 */
export function insertText(input, text, from = input.selectionStart) {
  input.setRangeText(text, from, input.selectionEnd, 'end');
  input.dispatchEvent(new Event('input', { bubbles: true }));
}
