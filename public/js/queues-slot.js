/**
 * What staff are to decide beside the log. Fetched for them alone, once they are there.
 *
 * @import { ServerFrame } from '../../src/protocol/frames.js'
 * @import { RoomView } from './room-view.js'
 */

import { slot } from './dom.js';

export class QueuesSlot {
  /** @type {{ show: (shown: boolean) => void, receive?: (frame: ServerFrame) => void }[]} */
  #queues = [];
  #fetched = false;

  /** @param {RoomView} view @param {() => void} onReady they can be shown now */
  constructor(view, onReady) {
    this.view = view;
    this.onReady = onReady;
  }

  /** @param {boolean} isShown */
  draw(isShown) {
    if (isShown && !this.#fetched) {
      void this.#fetch();
    } else {
      this.#queues.forEach((queue) => queue.show(isShown));
    }
  }

  /** Something of it has changed. @param {ServerFrame} frame */
  receive(frame) {
    this.#queues.forEach((queue) => queue.receive?.(frame));
  }

  async #fetch() {
    this.#fetched = true;
    try {
      const [{ queuesFor }, { HeldQuestions }, { showWaiting }] = await Promise.all([
        import('./queues.js'),
        import('./held-questions.js'),
        import('./waiting-count.js'),
      ]);
      const { panel, tools, t } = this.view;
      const leave = () => slot(panel, 'scroller').focus();
      const count = (/** @type {number} */ waiting) => showWaiting(tools, waiting, t);
      this.#queues = [
        ...queuesFor(this.view, slot(panel, 'held'), slot(panel, 'reports'), leave, count),
        new HeldQuestions(this.view),
      ];
      this.onReady();
    } catch {
      // There is no connection; with the next draw it is tried again.
      this.#fetched = false;
    }
  }
}
