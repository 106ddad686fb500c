/**
 * Keeps the newest message in view while the reader is at the bottom, and the reader's place when they are not.
 */

/** This near to the bottom is the bottom: half a line does not mean that somebody reads further up. */
const BOTTOM_PX = 24;
/** Older messages are asked for this long before their place comes into view. */
const AHEAD_PX = 300;

export class ScrollFollower {
  following = true;
  #lastTop = 0;
  /** Where the scroller was at the last look. @type {DOMRect | null} */
  #box = null;

  /**
   * @param {object} options
   * @param {HTMLElement} options.scroller
   * @param {HTMLElement} options.list
   * @param {HTMLElement} options.top what stands above the first row
   * @param {() => void} options.onFollow the reader came to the bottom, or left it
   * @param {() => void} options.onTop the beginning of what is loaded is about to come into view
   */
  constructor({ scroller, list, top, onFollow, onTop }) {
    this.scroller = scroller;
    this.list = list;
    this.top = top;
    this.onFollow = onFollow;
    scroller.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    // Rows grow when fonts and pictures come; the panel shrinks when a phone shows its keyboard.
    const sizes = new ResizeObserver(() => this.#resized());
    sizes.observe(scroller);
    sizes.observe(list);
    this.reach = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) {
          onTop();
        }
      },
      { root: scroller, rootMargin: `${AHEAD_PX}px 0px 0px` },
    );
    this.reach.observe(top);
    this.#stick();
  }

  /** Changes rows so that what the reader looks at stays where it is. @param {() => void} change */
  keepPlace(change) {
    if (this.following) {
      change();
      this.#stick();
      return;
    }
    const anchor = this.#firstVisible();
    const before = anchor?.getBoundingClientRect().top ?? 0;
    change();
    if (anchor?.isConnected) {
      this.scroller.scrollTop += anchor.getBoundingClientRect().top - before;
      this.#lastTop = this.scroller.scrollTop;
    }
  }

  /** A page of older rows came: if its beginning is in view too, the next one is wanted. */
  lookAgain() {
    this.reach.unobserve(this.top);
    this.reach.observe(this.top);
  }

  toBottom() {
    this.#follow(true);
    this.#stick();
  }

  /** The reader is taken elsewhere: new messages leave them there. */
  stay() {
    this.#follow(false);
  }

  #resized() {
    const before = this.#box;
    const box = this.scroller.getBoundingClientRect();
    this.#box = box;
    const hasNewEdge = before?.bottom === box.bottom && before.width === box.width;
    if (!this.following && hasNewEdge && before.top !== box.top) {
      // Something came above the list, or went: what is being read stays where it is on the screen.
      this.scroller.scrollTop += box.top - before.top;
      this.#lastTop = this.scroller.scrollTop;
    }
    this.#stick();
  }

  #stick() {
    if (this.following) {
      this.scroller.scrollTop = this.scroller.scrollHeight;
      this.#lastTop = this.scroller.scrollTop;
    }
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    if (scrollHeight - scrollTop - clientHeight <= BOTTOM_PX) {
      this.#follow(true);
    } else if (scrollTop < this.#lastTop) {
      // Only moving up leaves the bottom: rows that were just added put it further down without anybody scrolling.
      this.#follow(false);
    }
    this.#lastTop = scrollTop;
  }

  /** @param {boolean} following */
  #follow(following) {
    if (following !== this.following) {
      this.following = following;
      this.onFollow();
    }
  }

  #firstVisible() {
    const edge = this.scroller.getBoundingClientRect().top;
    for (const row of this.list.children) {
      if (row.getBoundingClientRect().bottom > edge) {
        return row;
      }
    }
    return null;
  }
}
