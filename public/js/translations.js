/**
 * Messages that this reader has had translated. A translation is shown in the place of the text it was made from, and of
 * no other: an edit or a removal ends it.
 *
 * @import { TranslationView } from '../../src/protocol/views.js'
 * @import { Message } from './entries.js'
 * @import { Translate } from './strings.js'
 */

import { post } from './api.js';

/**
 * @typedef {object} Translation
 * @property {string} source the text it was made from
 * @property {string | null} text null while it is being made
 * @property {string} locale
 */

export class Translations {
  /** By seq. @type {Map<number, Translation>} */
  #known = new Map();

  /**
   * @param {object} options
   * @param {string} options.slug
   * @param {Translate} options.t
   * @param {() => void} options.onChange
   * @param {(text: string) => void} options.onDone
   * @param {(error: string) => void} options.onError
   */
  constructor(options) {
    this.options = options;
  }

  /** What is shown in the place of a message's text, if anything. @param {Message} message */
  of({ seq, text }) {
    const known = this.#known.get(seq);
    return known && known.source === text ? known : undefined;
  }

  /** @param {Message} message */
  async show({ seq, text }) {
    const { slug, t, onChange, onDone, onError } = this.options;
    const source = text ?? '';
    const asked = { source, text: null, locale: '' };
    this.#known.set(seq, asked);
    onChange();
    const path = `/api/rooms/${encodeURIComponent(slug)}/messages/${seq}/translation`;
    /** @type {{ answer: TranslationView | null, error: string | null }} */
    const { answer, error } = await post(path, {}, t);
    if (this.#known.get(seq) !== asked) {
      return;
    }
    if (answer) {
      this.#known.set(seq, { source, text: answer.text, locale: answer.locale });
      onDone(answer.text);
    } else {
      this.#known.delete(seq);
      onError(error ?? '');
    }
    onChange();
  }

  /** Back to the original. @param {Message} message */
  hide({ seq }) {
    this.#known.delete(seq);
    this.options.onChange();
  }
}
