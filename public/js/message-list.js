/**
 * Keeps the rows of the page like the log: rows that stay are left alone, so that selection, focus and place survive.
 *
 * @import { Item } from './entries.js'
 * @import { Parcel } from './outbox.js'
 * @import { RowContext } from './message-row.js'
 */

import { cloneTemplate } from './dom.js';
import { fillLine, fillMessage, fillParcel } from './message-row.js';

/** @typedef {Item | Parcel} Source */

export class MessageList {
  /** What each row was filled from, to leave it alone while that is the same. @type {Map<string, { row: HTMLElement, from: readonly unknown[] }>} */
  #rows = new Map();

  /** @param {HTMLElement} list with the rows that came with the page, if any */
  constructor(list) {
    this.list = list;
    for (const row of list.querySelectorAll('[data-seq]')) {
      if (row instanceof HTMLElement) {
        this.#rows.set(`message ${row.dataset['seq']}`, { row, from: [] });
      }
    }
  }

  /**
   * @param {readonly Item[]} items
   * @param {readonly Parcel[]} parcels shown below, while they are on their way
   * @param {RowContext} context
   */
  render(items, parcels, context) {
    const before = this.#rows;
    this.#rows = new Map();
    let place = this.list.firstElementChild;
    for (const [key, source] of keyed(items, parcels)) {
      const known = before.get(key) ?? before.get(nonceKey(source, context));
      const row = known?.row ?? cloneTemplate('says' in source ? 'line-template' : 'message-template');
      const from = origins(source, context);
      if (!known || from.some((origin, index) => origin !== known.from[index])) {
        fill(row, source, context);
      }
      this.#rows.set(key, { row, from });
      if (row === place) {
        place = place.nextElementSibling;
      } else {
        this.list.insertBefore(row, place);
      }
    }
    while (place) {
      const next = place.nextElementSibling;
      place.remove();
      place = next;
    }
  }

  /** Whether there is nothing to read. */
  get empty() {
    return this.#rows.size === 0;
  }
}

/** @param {readonly Item[]} items @param {readonly Parcel[]} parcels @returns {Generator<[string, Source]>} */
function* keyed(items, parcels) {
  for (const item of items) {
    if (item.type === 'line') {
      yield [`${item.says} ${item.seq}`, item];
    } else if (item.removed !== 'cleared') {
      yield [`message ${item.seq}`, item];
    }
  }
  for (const parcel of parcels) {
    if (parcel.frame.event === 'say' || (parcel.frame.event === 'edit' && parcel.status === 'failed')) {
      yield [`nonce ${parcel.frame.data.nonce}`, parcel];
    }
  }
}

/** One's own message takes over the row it had while it was on its way. @param {Source} source @param {RowContext} context */
function nonceKey(source, { viewer }) {
  const own = 'author' in source && viewer !== null && source.author?.id === viewer.id;
  return own && source.nonce ? `nonce ${source.nonce}` : '';
}

/**
 * All that a row shows. A quoted message is part of it: once it is removed, its words must not stay in the quote. Parcels
 * change in place, so their row is filled each time.
 * @param {Source} source
 * @param {RowContext} context
 */
function origins(source, { find, writable }) {
  const quoted = 'replyTo' in source && source.replyTo !== undefined ? find(source.replyTo) : undefined;
  return 'status' in source ? [Symbol('always')] : [source, quoted, writable];
}

/** @param {HTMLElement} row @param {Source} source @param {RowContext} context */
function fill(row, source, context) {
  if ('status' in source) {
    fillParcel(row, source, context);
  } else if (source.type === 'line') {
    fillLine(row, source, context);
  } else {
    fillMessage(row, source, context);
  }
}
