/**
 * A list of what staff are to decide, kept up to date, with the decisions beside each item. It needs an element and a
 * path of the HTTP API, and nothing else of a page.
 *
 * @import { ServerFrame } from '../../src/protocol/frames.js'
 * @import { Translate } from './strings.js'
 */

import { confirmDialog } from './confirm-dialog.js';
import { el } from './dom.js';
import { request } from './request.js';

/**
 * @typedef {object} StaffQueueOptions
 * @property {string} slug
 * @property {Translate} t
 * @property {(message: string) => void} onError
 * @property {(who: string) => void} showPerson opens the card of somebody, by their id
 * @property {() => void} leave takes the focus when the last item has gone
 * @property {() => void} changed what waits may be more or less than before
 */

/** From so many items on they can be decided all at once. */
const MANY = 3;

/** @template {object} Item */
export class StaffQueue {
  /** By the id that its row and its frames have. @type {Map<string, Item>} */
  items = new Map();
  /** What each row shows. @type {WeakMap<Element, Item>} */
  #drawn = new WeakMap();
  #shown = false;
  /** What frames told while it was read: the answer may be older. @type {ServerFrame[] | null} */
  #meanwhile = null;

  /**
   * @param {HTMLElement} place hidden while nothing waits
   * @param {StaffQueueOptions} options
   * @param {object} kind
   * @param {'held' | 'reports'} kind.path below the room
   * @param {(count: number) => string} kind.count says how many wait
   * @param {(answer: any) => [string, Item][]} kind.read what the API answers
   * @param {(item: Item) => HTMLElement} kind.rowOf an `li`; its buttons say with `data-verb` what they decide
   * @param {readonly ('approve' | 'deny' | 'dismiss')[]} kind.wholesale what can be decided of all that wait
   * @param {(item: Item, verb: string) => Promise<void>} [kind.act] does what is not decided by a word to the API
   */
  constructor(place, options, kind) {
    this.place = place;
    this.options = options;
    this.kind = kind;
    this.count = el('summary', {});
    this.list = el('ul', {});
    // Until it is known whether anything waits, nothing does.
    this.place.hidden = true;
    this.all = el(
      'div',
      { class: 'held-actions' },
      ...kind.wholesale.map((verb) => {
        const label = options.t(`queue.${verb}-all`);
        const button = el('button', { class: 'button quiet small', type: 'button' }, label);
        button.addEventListener('click', () => void this.#settleAll(verb, label));
        return button;
      }),
    );
    this.place.replaceChildren(el('details', { open: true }, this.count, this.all, this.list));
    this.list.addEventListener('click', ({ target }) => {
      const button = target instanceof Element ? target.closest('button') : null;
      const item = this.items.get(rowAt(button)?.dataset['id'] ?? '');
      if (button && item) {
        this.#decide(button, item);
      }
    });
  }

  /** Whether it is to be shown: to staff, while the connection is up; each time, it is read anew. @param {boolean} shown */
  show(shown) {
    if (shown && !this.#shown) {
      void this.#load();
    } else if (!shown && this.#shown) {
      this.items.clear();
      this.draw();
    }
    this.#shown = shown;
  }

  /** @param {ServerFrame} frame */
  receive(frame) {
    this.#meanwhile?.push(frame);
    if (this.take(frame)) {
      this.draw();
    }
  }

  /** Takes what a frame says of it. @param {ServerFrame} _frame @returns {boolean} whether it says anything */
  take(_frame) {
    return false;
  }

  draw() {
    const rows = new Map(
      [...this.list.children].flatMap((row) =>
        row instanceof HTMLElement ? [[row.dataset['id'] ?? '', row]] : [],
      ),
    );
    for (const [id, row] of rows) {
      if (!this.items.has(id)) {
        this.#leave(row);
        row.remove();
      }
    }
    for (const [id, item] of this.items) {
      const row = rows.get(id);
      if (!row) {
        this.list.append(this.#rowOf(id, item));
      } else if (this.#drawn.get(row) !== item) {
        const verb = row.contains(document.activeElement) ? verbOf(document.activeElement) : '';
        const fresh = this.#rowOf(id, item);
        row.replaceWith(fresh);
        focusOn(fresh, verb);
      }
    }
    this.count.textContent = this.kind.count(this.items.size);
    this.all.hidden = this.items.size < MANY;
    const isLeft = this.items.size === 0 && this.place.contains(document.activeElement);
    this.place.hidden = this.items.size === 0;
    this.options.changed();
    if (isLeft) {
      this.options.leave();
    }
  }

  get #path() {
    return `/api/rooms/${encodeURIComponent(this.options.slug)}/${this.kind.path}`;
  }

  /** @param {string} id @param {Item} item */
  #rowOf(id, item) {
    const row = this.kind.rowOf(item);
    row.dataset['id'] = id;
    this.#drawn.set(row, item);
    return row;
  }

  async #load() {
    /** @type {ServerFrame[]} */
    const meanwhile = [];
    this.#meanwhile = meanwhile;
    const answer = await fetch(this.#path, { headers: { Accept: 'application/json' } }).catch(() => null);
    if (answer?.ok) {
      this.items = new Map(this.kind.read(await answer.json()));
      meanwhile.forEach((frame) => this.take(frame));
      this.draw();
    }
    if (this.#meanwhile === meanwhile) {
      this.#meanwhile = null;
    }
  }

  /** @param {HTMLButtonElement} button @param {Item} item */
  #decide(button, item) {
    const { verb = '' } = button.dataset;
    if (verb === 'who') {
      this.options.showPerson(button.dataset['who'] ?? '');
    } else if (verb === 'approve' || verb === 'deny' || verb === 'dismiss') {
      void this.#settle(button, verb);
    } else {
      void this.#act(item, verb);
    }
  }

  /** @param {Item} item @param {string} verb */
  async #act(item, verb) {
    await this.kind.act?.(item, verb);
    // The button that the focus would come back to may have gone with its row.
    if (document.activeElement === document.body) {
      if (this.place.hidden) {
        this.options.leave();
      } else {
        this.count.focus();
      }
    }
  }

  /** @param {HTMLButtonElement} button @param {string} verb */
  async #settle(button, verb) {
    const id = rowAt(button)?.dataset['id'] ?? '';
    if (button.getAttribute('aria-busy') === 'true') {
      return;
    }
    // Not switched off: it would lose the focus, which is to go on to the next item.
    button.setAttribute('aria-busy', 'true');
    const refusal = await request('POST', `${this.#path}/${id}/${verb}`, {}, this.options.t);
    button.removeAttribute('aria-busy');
    // Whoever was faster has decided: then it is gone all the same.
    if (refusal && refusal.code !== 'not-found') {
      this.options.onError(refusal.message);
      return;
    }
    this.items.delete(id);
    this.draw();
  }

  /** Decides about all that wait now, once that was confirmed; what comes meanwhile is not meant. @param {string} verb @param {string} action */
  async #settleAll(verb, action) {
    const { t, onError } = this.options;
    const ids = [...this.items.keys()];
    const text = t(`queue.${verb}-all-ask`, { count: ids.length });
    const danger = verb !== 'approve';
    if (!(await confirmDialog({ text, action, cancel: t('dialog.cancel'), danger }))) {
      return;
    }
    for (const id of ids) {
      const refusal = await request('POST', `${this.#path}/${id}/${verb}`, {}, t);
      if (refusal && refusal.code !== 'not-found') {
        onError(refusal.message);
        break;
      }
      this.items.delete(id);
    }
    this.draw();
  }

  /** Who works through the list goes on: at the next item, or the one before. @param {HTMLElement} row */
  #leave(row) {
    if (row.contains(document.activeElement)) {
      const verb = verbOf(document.activeElement);
      const other = row.nextElementSibling ?? row.previousElementSibling;
      if (!other || !focusOn(other, verb)) {
        this.count.focus();
      }
    }
  }
}

/**
 * A decision beside an item.
 * @param {string} verb
 * @param {string} text
 * @param {string} label what it is about, too
 * @param {string} [style]
 */
export function decision(verb, text, label, style = 'button quiet small') {
  return el('button', { type: 'button', class: style, 'data-verb': verb, 'aria-label': label }, text);
}

/** @param {Element | null} place @returns {HTMLElement | null} */
function rowAt(place) {
  return place?.closest('li[data-id]') ?? null;
}

/** @param {Element | null} button */
function verbOf(button) {
  return (button instanceof HTMLElement && button.dataset['verb']) || '';
}

/** @param {Element} row @param {string} verb */
function focusOn(row, verb) {
  const button = verb === '' ? null : row.querySelector(`button[data-verb="${verb}"]`);
  if (button instanceof HTMLElement) {
    button.focus();
    return true;
  }
  return false;
}
