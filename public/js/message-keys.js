/**
 * Arrow keys between messages. The list is one stop of the Tab key: the row that has it, at first the newest. Whoever walks up is
 * left there by new messages; whoever arrives at the newest follows again.
 *
 * @import { RoomView } from './room-view.js'
 */

import { findSlot, slot } from './dom.js';

export class MessageKeys {
  /** The row that the Tab key leads to. @type {HTMLElement | null} */
  #current = null;
  #isInside = false;

  /** @param {RoomView} view */
  constructor(view) {
    this.view = view;
    this.list = slot(view.panel, 'list');
    // The rows take its place as what the Tab key leads to.
    slot(view.panel, 'scroller').tabIndex = -1;
    this.list.addEventListener('keydown', (event) => this.#key(event));
    this.list.addEventListener('focusin', ({ target }) => this.#entered(target));
    this.list.addEventListener('focusout', () => {
      this.#isInside = false;
    });
    view.panel.addEventListener('madang:room', () => this.#drawn());
    this.#drawn();
  }

  /** Goes to the newest message. */
  focus() {
    this.#go(this.#rows().at(-1));
  }

  #rows() {
    /** @type {HTMLElement[]} */
    const rows = [];
    for (const row of this.list.children) {
      if (row instanceof HTMLElement && !row.hidden) {
        rows.push(row);
      }
    }
    return rows;
  }

  #drawn() {
    const focused = document.activeElement;
    const newest = this.list.lastElementChild;
    if (this.#isInside && (focused === null || focused === document.body)) {
      // The row that had the focus is gone; the focus stays in the list.
      this.#isInside = false;
      this.#take(newest);
      this.#current?.focus({ preventScroll: true });
    } else if (!this.list.contains(focused)) {
      this.#take(newest);
    }
  }

  /** @param {EventTarget | null} target */
  #entered(target) {
    this.#isInside = true;
    this.#take(target instanceof Element ? this.#rowOf(target) : null);
  }

  /** @param {Element} element */
  #rowOf(element) {
    return this.#rows().find((row) => row.contains(element)) ?? null;
  }

  /** @param {Element | null | undefined} row */
  #take(row) {
    if (row instanceof HTMLElement && row !== this.#current) {
      if (this.#current) {
        this.#current.tabIndex = -1;
      }
      row.tabIndex = 0;
      this.#current = row;
    }
  }

  /** @param {HTMLElement | undefined} row */
  #go(row) {
    if (!row) {
      return;
    }
    const { follower } = this.view;
    this.#take(row);
    if (row === this.list.lastElementChild) {
      follower.toBottom();
      row.focus({ preventScroll: true });
    } else {
      follower.stay();
      row.focus({ preventScroll: true });
      row.scrollIntoView({ block: 'nearest' });
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { key, target } = event;
    if (event.altKey || event.ctrlKey || event.metaKey || !(target instanceof Element)) {
      return;
    }
    const rows = this.#rows();
    const at = rows.findIndex((row) => row.contains(target));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[key];
    if (to !== undefined) {
      event.preventDefault();
      if (to < 0) {
        this.view.room.loadOlder();
      } else {
        this.#go(rows[to]);
      }
    } else if (key === 'Enter' && target === rows[at]) {
      event.preventDefault();
      const menu = findSlot(target, 'menu', HTMLButtonElement);
      if (menu && !menu.hidden) {
        menu.click();
      }
    } else if (key === 'Escape' && this.view.composer) {
      this.view.composer.input.focus();
    }
  }
}
