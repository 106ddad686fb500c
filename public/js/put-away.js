/**
 * Something above the list that each reader may put away, and get back; the browser remembers what they chose. Put away it is one
 * line, and so it is in a low panel for as long as its reader has not opened it: the style sheet decides that from `data-fold`
 * (`away`, `open`, or not there while nothing was chosen).
 */
export class PutAway {
  /**
   * @param {object} parts
   * @param {HTMLElement} parts.place what is folded
   * @param {HTMLElement} parts.close the button in it that puts it away
   * @param {HTMLElement} parts.open the line, a button that brings it back
   * @param {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>} storage
   * @param {string} key
   */
  constructor({ place, close, open }, storage, key) {
    /** What is shown now. @type {string | null} */
    this.shown = null;
    this.place = place;
    this.close = close;
    this.open = open;
    this.storage = storage;
    this.key = key;
    close.addEventListener('click', () => this.#put('away'));
    open.addEventListener('click', () => this.#put('open'));
    // What was opened in a low panel lies over the log: Escape is the way back from it.
    place.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && place.dataset['fold'] === 'open') {
        event.stopPropagation();
        this.#put('away');
      }
    });
  }

  /** Shows something as its reader chose for it before. @param {string} id */
  show(id) {
    this.shown = id;
    const chosen = this.#read();
    this.#fold(chosen === id ? 'away' : chosen === opened(id) ? 'open' : null);
  }

  /** @param {'away' | 'open'} choice */
  #put(choice) {
    try {
      if (this.shown !== null) {
        this.storage.setItem(this.key, choice === 'away' ? this.shown : opened(this.shown));
      }
    } catch {
      // Storage is full or switched off: then it lasts as long as the page does.
    }
    this.#fold(choice);
    (choice === 'away' ? this.open : this.close).focus();
  }

  /** @param {'away' | 'open' | null} choice */
  #fold(choice) {
    if (choice === null) {
      this.place.removeAttribute('data-fold');
    } else {
      this.place.dataset['fold'] = choice;
    }
  }

  #read() {
    try {
      return this.storage.getItem(this.key);
    } catch {
      return null;
    }
  }
}

/** How it is remembered that something was opened. @param {string} id */
function opened(id) {
  return `${id} open`;
}
