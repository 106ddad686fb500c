/**
 * What staff told this person, who says that they have read it before they write again. The dialog may be put off: what
 * they write next is refused, stays in the box, and brings it back.
 *
 * @import { ServerFrame } from '../../src/protocol/frames.js'
 * @import { WarningView } from '../../src/protocol/views.js'
 * @import { RoomView } from './room-view.js'
 */

import { get } from './api.js';
import { el, tell } from './dom.js';
import { request } from './request.js';
import { toast } from './toast.js';

export class Warnings {
  /** By id, the oldest first. @type {Map<string, WarningView>} */
  #open = new Map();
  /** @type {HTMLDialogElement | null} */
  #dialog = null;

  /** @param {Pick<RoomView, 'slug' | 't' | 'times'> & { done: () => void }} options `done`: there is none left */
  constructor(options) {
    this.options = options;
  }

  /** Takes what a frame says of them. @param {ServerFrame} frame */
  receive(frame) {
    if (frame.event === 'welcome') {
      this.#open = new Map((frame.data.warnings ?? []).map((warning) => [warning.id, warning]));
    } else if (frame.event === 'warned') {
      this.#open.set(frame.data.id, frame.data);
    } else if (frame.event === 'warning.acknowledged') {
      this.#forget(frame.data.id);
    } else {
      return;
    }
    this.#show();
  }

  /** Something was refused for them: they may have been told while nobody listened. */
  async look() {
    const { slug, t } = this.options;
    /** @type {Awaited<ReturnType<typeof get<{ warnings: WarningView[] }>>>} */
    const { answer } = await get(`/api/rooms/${encodeURIComponent(slug)}/warnings`, t);
    if (answer) {
      this.#open = new Map(answer.warnings.map((warning) => [warning.id, warning]));
      this.#show();
    }
  }

  /** Those up to this one are read. @param {string} id */
  #forget(id) {
    const read = [...this.#open.keys()];
    for (const known of read.slice(0, read.indexOf(id) + 1)) {
      this.#open.delete(known);
    }
  }

  #show() {
    const words = [...this.#open.values()];
    if (words.length === 0) {
      this.#dialog?.close();
      return;
    }
    const { t, times } = this.options;
    const list = words.map(({ reason, at }) =>
      el(
        'li',
        {},
        el('blockquote', { class: 'quoted', dir: 'auto' }, reason),
        el('time', { class: 'hint', datetime: at }, times.short(new Date(at))),
      ),
    );
    if (this.#dialog) {
      this.#dialog.querySelector('ul')?.replaceChildren(...list);
      return;
    }
    const title = el('h2', { id: 'warning-title', tabindex: -1, autofocus: true }, t('warning.title'));
    const error = el('p', { class: 'field-error', role: 'alert', hidden: true });
    const later = el('button', { class: 'button quiet', type: 'button' }, t('warning.later'));
    const read = el('button', { class: 'button', type: 'button' }, t('warning.acknowledge'));
    const dialog = el(
      'dialog',
      {
        class: 'dialog',
        role: 'alertdialog',
        'aria-labelledby': 'warning-title',
        'aria-describedby': 'warning-text',
      },
      // Not a button has the focus: whoever is typing when it opens has answered nothing.
      title,
      el(
        'div',
        { id: 'warning-text' },
        el('ul', { class: 'warnings' }, ...list),
        el('p', {}, t('warning.text')),
      ),
      error,
      el('div', { class: 'form-actions' }, later, read),
    );
    this.#dialog = dialog;
    later.addEventListener('click', () => dialog.close());
    read.addEventListener('click', () => void this.#acknowledge(read, error));
    dialog.addEventListener('close', () => {
      dialog.remove();
      this.#dialog = null;
    });
    document.body.append(dialog);
    dialog.showModal();
  }

  /** @param {HTMLButtonElement} button @param {HTMLElement} error */
  async #acknowledge(button, error) {
    const newest = [...this.#open.keys()].at(-1);
    if (newest === undefined || button.getAttribute('aria-busy') === 'true') {
      return;
    }
    const { slug, t, done } = this.options;
    button.setAttribute('aria-busy', 'true');
    const path = `/api/rooms/${encodeURIComponent(slug)}/warnings/${newest}/acknowledge`;
    const refusal = await request('POST', path, {}, t);
    button.removeAttribute('aria-busy');
    if (refusal) {
      tell(error, refusal.message);
      return;
    }
    this.#forget(newest);
    this.#show();
    if (this.#open.size === 0) {
      toast(t('warning.done'));
      done();
    }
  }
}
