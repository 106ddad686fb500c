/**
 * The box people write in. Nothing that stands in it is ever lost: not to a refusal, a reload or a half-typed syllable.
 *
 * @import { AnnouncementStyle, ErrorData } from '../../src/protocol/frames.js'
 * @import { Message } from './entries.js'
 * @import { Translate } from './strings.js'
 */

import { LONGEST_ANNOUNCEMENT, styleNamed } from './announcements.js';
import { insertText } from './completion.js';
import { findSlot, need, slot } from './dom.js';
import { countGraphemes } from './graphemes.js';
import { Refusal } from './refusal.js';

/** Keystrokes of an input method that is still composing carry this code, also where `isComposing` is late (Safari). */
const COMPOSING_KEY = 229;
/** The counter appears when this much of the limit is used. */
const COUNT_FROM = 0.8;

/** Nothing but its length can be wrong with it. @type {(text: string, context: Context) => string | null} */
const NO_FAULT = () => null;

/** @typedef {{ is: 'reply' | 'edit', seq: number } | null} Context */

export class Composer {
  /** @type {Context} */
  #context = null;
  #limit = Infinity;
  /** @type {string | null} */
  #silentUntil = null;
  /** Sent before it could be: it goes as soon as it can. */
  #isAwaited = false;

  /**
   * @param {HTMLFormElement} form
   * @param {object} options
   * @param {Translate} options.t
   * @param {ReturnType<typeof import('./drafts.js').draftStore>} options.draft
   * @param {(text: string, style: AnnouncementStyle | undefined, context: Context) => void} options.onSend `style`: it is
   *   an announcement
   * @param {(text: string, context: Context) => string | null} [options.fault] why it cannot be sent as it is written
   * @param {(text: string) => Promise<unknown> | null} [options.prepare] what has to come before that can be told, if anything
   * @param {() => { seq: number, text: string } | null} [options.last] the last of one's own, if it can still be edited
   * @param {string} [options.editing] what is said while something is edited
   * @param {boolean} [options.ready] false: what is sent waits until the first `update`
   */
  constructor(
    form,
    {
      t,
      draft,
      onSend,
      fault = NO_FAULT,
      prepare = () => null,
      last = () => null,
      editing = t('composer.editing'),
      ready = true,
    },
  ) {
    this.t = t;
    this.editing = editing;
    this.draft = draft;
    this.onSend = onSend;
    this.fault = fault;
    this.prepare = prepare;
    this.last = last;
    this.ready = ready;
    this.form = form;
    this.fields = need(findSlot(form, 'fields', HTMLFieldSetElement), 'fields');
    this.input = need(findSlot(form, 'input', HTMLTextAreaElement), 'input');
    this.announce = findSlot(form, 'announce', HTMLInputElement);
    this.style = findSlot(form, 'announce-style', HTMLSelectElement);
    this.announce?.addEventListener('change', () => this.#announced());
    this.refusal = new Refusal(this.input, slot(form, 'composer-error'), t);
    this.send = findSlot(form, 'send', HTMLButtonElement);
    this.#welcomeDraft();
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.input.addEventListener('keydown', (event) => this.#key(event));
    this.input.addEventListener('input', () => {
      this.#typed();
      if (this.input.value === '' && !this.refusal.isCounting) {
        // What was wrong with it is gone with it.
        this.refusal.forgive();
      }
    });
    slot(form, 'context-cancel').addEventListener('click', () => this.#cancel());
    this.send?.toggleAttribute('disabled', false);
    this.#measure();
  }

  /** Who was faster than this code has typed already; what they had left here stands before it. */
  #welcomeDraft() {
    const left = this.draft.read();
    const typed = this.input.value;
    if (!typed.includes(left)) {
      this.input.value = [left, typed].filter((text) => text !== '').join(' ');
    }
    this.draft.write(this.input.value);
  }

  /** @param {{ limit: number, enabled: boolean, silentUntil?: string | null }} rules */
  update({ limit, enabled, silentUntil = null }) {
    this.#silence(silentUntil);
    this.fields.disabled = !enabled;
    if (limit !== this.#limit) {
      this.#limit = limit;
      this.#measure();
    }
    this.ready = true;
    if (this.#isAwaited) {
      this.#await(false);
      this.#submit();
    }
  }

  /** @param {boolean} isAwaited */
  #await(isAwaited) {
    this.#isAwaited = isAwaited;
    this.send?.setAttribute('aria-busy', String(isAwaited));
  }

  get empty() {
    return this.input.value.trim() === '' && this.#context === null;
  }

  /** Begins an answer. @param {Message} message */
  replyTo(message) {
    this.#enterReply(message);
    this.input.focus();
  }

  /** Puts a text where the caret is. @param {string} text */
  insert(text) {
    this.input.focus();
    insertText(this.input, text);
  }

  /** Begins an edit; the draft waits until it is done. @param {number} seq @param {string} text */
  edit(seq, text) {
    this.#enterEdit(seq, text);
    this.input.focus();
  }

  /**
   * Puts a refused text back with its reason. The focus stays where its owner has taken it meanwhile.
   * @param {{ text: string, style?: AnnouncementStyle | undefined, edits?: number, answers?: Message | undefined }} refused
   * @param {Pick<ErrorData, 'message' | 'retryAfterMs'>} error
   */
  giveBack({ text, style, edits, answers }, error) {
    if (edits !== undefined) {
      this.#enterEdit(edits, text);
    } else {
      if (answers) {
        this.#enterReply(answers);
      }
      this.#fill(text);
    }
    this.#announce(style);
    this.refusal.tell(error);
  }

  /** A time-out counts down from the moment it is known; what is being written stays. @param {string | null} until */
  #silence(until) {
    if (until === this.#silentUntil) {
      return;
    }
    this.#silentUntil = until;
    const retryAfterMs = until === null ? 0 : Date.parse(until) - Date.now();
    if (retryAfterMs > 0) {
      this.refusal.wait(retryAfterMs);
    } else {
      this.refusal.forgive();
    }
  }

  #submit() {
    const text = this.input.value;
    const length = countGraphemes(text.trim());
    if (length === 0 || this.fields.disabled) {
      return;
    }
    if (!this.ready) {
      this.#await(true);
      return;
    }
    const prepared = this.prepare(text);
    if (prepared) {
      void this.#submitAfter(prepared, text);
      return;
    }
    const context = this.#context;
    const reason = this.fault(text, context) ?? this.#tooLong(length);
    if (reason !== null) {
      this.refusal.tell({ message: reason });
      return;
    }
    const style = this.#chosenStyle;
    this.#leave();
    this.#fill(context?.is === 'edit' ? this.draft.read() : '');
    this.refusal.forgive();
    this.#announce(undefined);
    this.input.focus();
    this.onSend(text, style, context);
  }

  /** Sends what is in the box once what it needs has come, unless it says something else by then. @param {Promise<unknown>} prepared @param {string} text */
  async #submitAfter(prepared, text) {
    try {
      await prepared;
    } catch {
      this.refusal.tell({ message: this.t('form.offline') });
      return;
    }
    if (this.input.value === text) {
      this.#submit();
    }
  }

  /** Of a command each part has a limit of its own. @param {number} length */
  #tooLong(length) {
    const isCommand = this.fault !== NO_FAULT && /^\s*\/(?!\/)/.test(this.input.value);
    const limit = this.#chosenStyle ? LONGEST_ANNOUNCEMENT : this.#limit;
    return isCommand || length <= limit ? null : this.t('composer.too-long', { limit });
  }

  /** How it is to be announced, if it is. @returns {AnnouncementStyle | undefined} */
  get #chosenStyle() {
    return this.announce?.checked ? styleNamed(this.style?.value ?? 'info') : undefined;
  }

  /** @param {AnnouncementStyle | undefined} style */
  #announce(style) {
    if (this.announce && this.style) {
      this.announce.checked = style !== undefined;
      this.style.value = style ?? 'info';
      this.#announced();
    }
  }

  #announced() {
    if (this.announce && this.style) {
      this.style.hidden = !this.announce.checked;
      this.#measure();
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing || event.keyCode === COMPOSING_KEY) {
      return;
    }
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === 'ArrowUp' && this.empty && this.input.value === '') {
      this.#editLast(event);
    } else if (event.key === 'Escape' && this.#context) {
      event.preventDefault();
      this.#cancel();
    }
  }

  /** Up in an empty box leads to what was said last. @param {KeyboardEvent} event */
  #editLast(event) {
    const last = this.last();
    if (last) {
      event.preventDefault();
      this.edit(last.seq, last.text);
      this.input.setSelectionRange(last.text.length, last.text.length);
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
    const limit = this.#chosenStyle ? LONGEST_ANNOUNCEMENT : this.#limit;
    const over = length > limit;
    count.textContent =
      length >= limit * COUNT_FROM ? this.t('composer.count', { count: length, limit }) : '';
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

  /** @param {Message} message */
  #enterReply({ seq, author, text }) {
    const name = author?.nickname ?? this.t('message.no-author');
    this.#enter({ is: 'reply', seq }, this.t('composer.replying', { name, text: text ?? '' }));
  }

  /** @param {number} seq @param {string} text */
  #enterEdit(seq, text) {
    this.#enter({ is: 'edit', seq }, this.editing);
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
    this.refusal.forgive();
    this.input.focus();
  }
}
