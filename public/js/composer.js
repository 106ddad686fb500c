/**
 * The box people write in. Nothing that stands in it is ever lost: not to a refusal, a reload or a half-typed syllable.
 *
 * @import { ErrorData } from '../../src/protocol/frames.js'
 * @import { Message } from './entries.js'
 * @import { Translate } from './strings.js'
 */

import { findSlot, need, slot, tell } from './dom.js';
import { countGraphemes } from './graphemes.js';

/** Keystrokes of an input method that is still composing carry this code, also where `isComposing` is late (Safari). */
const COMPOSING_KEY = 229;
/** The counter appears when this much of the limit is used. */
const COUNT_FROM = 0.8;

/** @typedef {{ is: 'reply' | 'edit', seq: number } | null} Context */

export class Composer {
  /** @type {Context} */
  #context = null;
  #limit = Infinity;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #countdown;

  /**
   * @param {HTMLFormElement} form
   * @param {object} options
   * @param {Translate} options.t
   * @param {ReturnType<typeof import('./drafts.js').draftStore>} options.draft
   * @param {(text: string, kind: 'admin' | undefined, context: Context) => void} options.onSend
   */
  constructor(form, { t, draft, onSend }) {
    this.t = t;
    this.draft = draft;
    this.onSend = onSend;
    this.form = form;
    this.fields = need(findSlot(form, 'fields', HTMLFieldSetElement), 'fields');
    this.input = need(findSlot(form, 'input', HTMLTextAreaElement), 'input');
    this.announce = findSlot(form, 'announce', HTMLInputElement);
    this.error = slot(form, 'composer-error');
    this.input.value = draft.read();
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.input.addEventListener('keydown', (event) => this.#key(event));
    this.input.addEventListener('input', () => this.#typed());
    slot(form, 'context-cancel').addEventListener('click', () => this.#cancel());
    this.#measure();
  }

  /** @param {{ limit: number, enabled: boolean }} rules */
  update({ limit, enabled }) {
    this.fields.disabled = !enabled;
    if (limit !== this.#limit) {
      this.#limit = limit;
      this.#measure();
    }
  }

  get empty() {
    return this.input.value.trim() === '' && this.#context === null;
  }

  /** Begins an answer. @param {Message} message */
  replyTo(message) {
    this.#enterReply(message);
    this.input.focus();
  }

  /** Begins an edit; the draft waits until it is done. @param {number} seq @param {string} text */
  edit(seq, text) {
    this.#enterEdit(seq, text);
    this.input.focus();
  }

  /**
   * Puts a refused text back with its reason. The focus stays where its owner has taken it meanwhile.
   * @param {{ text: string, kind?: 'admin', edits?: number, answers?: Message }} refused
   * @param {ErrorData} error
   */
  giveBack({ text, kind, edits, answers }, error) {
    if (edits !== undefined) {
      this.#enterEdit(edits, text);
    } else {
      if (answers) {
        this.#enterReply(answers);
      }
      this.#fill(text);
    }
    if (this.announce) {
      this.announce.checked = kind === 'admin';
    }
    this.refuse(error);
  }

  /** Says why something was refused; one that passes with time counts down. @param {Pick<ErrorData, 'message' | 'retryAfterMs'>} error */
  refuse({ message, retryAfterMs }) {
    clearInterval(this.#countdown);
    tell(this.error, message);
    this.input.setAttribute('aria-invalid', 'true');
    if (retryAfterMs === undefined) {
      return;
    }
    const until = performance.now() + retryAfterMs;
    this.#countdown = setInterval(() => {
      const seconds = Math.ceil((until - performance.now()) / 1000);
      if (seconds > 0) {
        // Not read out each second: the alert has said it once.
        this.error.setAttribute('aria-live', 'off');
        tell(this.error, this.t('composer.wait', { seconds }));
      } else {
        this.#forgive();
      }
    }, 1000);
  }

  #submit() {
    const text = this.input.value;
    const length = countGraphemes(text.trim());
    if (length === 0 || this.fields.disabled) {
      return;
    }
    if (length > this.#limit) {
      this.refuse({ message: this.t('composer.too-long', { limit: this.#limit }) });
      return;
    }
    const kind = this.announce?.checked ? 'admin' : undefined;
    const context = this.#context;
    this.#leave();
    this.#fill(context?.is === 'edit' ? this.draft.read() : '');
    this.#forgive();
    if (this.announce) {
      this.announce.checked = false;
    }
    this.input.focus();
    this.onSend(text, kind, context);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing || event.keyCode === COMPOSING_KEY) {
      return;
    }
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === 'Escape' && this.#context) {
      this.#cancel();
    }
  }

  #typed() {
    if (this.#context?.is !== 'edit') {
      this.draft.write(this.input.value);
    }
    this.#measure();
  }

  #measure() {
    const length = countGraphemes(this.input.value);
    const count = slot(this.form, 'count');
    const over = length > this.#limit;
    count.textContent =
      length >= this.#limit * COUNT_FROM
        ? this.t('composer.count', { count: length, limit: this.#limit })
        : '';
    count.toggleAttribute('data-over', over);
    if (!CSS.supports('field-sizing', 'content')) {
      this.input.style.height = 'auto';
      this.input.style.height = `${this.input.scrollHeight + 2}px`;
    }
  }

  /** @param {string} text */
  #fill(text) {
    this.input.value = text;
    this.#typed();
  }

  #forgive() {
    clearInterval(this.#countdown);
    tell(this.error, '');
    this.error.removeAttribute('aria-live');
    this.input.removeAttribute('aria-invalid');
  }

  /** @param {Message} message */
  #enterReply({ seq, author, text }) {
    const name = author?.nickname ?? this.t('message.no-author');
    this.#enter({ is: 'reply', seq }, this.t('composer.replying', { name, text: text ?? '' }));
  }

  /** @param {number} seq @param {string} text */
  #enterEdit(seq, text) {
    this.#enter({ is: 'edit', seq }, this.t('composer.editing'));
    this.#fill(text);
  }

  /** @param {Context} context @param {string} text */
  #enter(context, text) {
    this.#context = context;
    slot(this.form, 'context-text').textContent = text;
    slot(this.form, 'context').hidden = false;
  }

  #leave() {
    this.#context = null;
    slot(this.form, 'context').hidden = true;
  }

  /** The draft that an edit had pushed aside comes back. */
  #cancel() {
    const edited = this.#context?.is === 'edit';
    this.#leave();
    if (edited) {
      this.#fill(this.draft.read());
    }
    this.#forgive();
    this.input.focus();
  }
}
