/**
 * Where reactions are sent and float. Their code is fetched where the room has them on.
 *
 * @import { ReactionCounts } from '../../src/protocol/frames.js'
 * @import { Reactions } from './reactions.js'
 * @import { RoomView } from './room-view.js'
 */

import { el, findSlot } from './dom.js';

export class ReactionsSlot {
  /** @type {Reactions | null} */
  #reactions = null;
  #fetching = false;

  /** @param {RoomView} view @param {() => void} onReady it can be drawn now */
  constructor(view, onReady) {
    this.view = view;
    this.onReady = onReady;
    this.bar = findSlot(view.panel, 'reactions', HTMLElement);
    this.air = findSlot(view.panel, 'floats', HTMLElement);
  }

  /** @param {{ on: boolean, writes: boolean }} room */
  draw({ on, writes }) {
    if (this.#reactions) {
      this.#reactions.draw(on && writes);
    } else if (on && this.air && !this.#fetching) {
      // Who cannot write has no buttons, and sees what others feel.
      void this.#fetch(this.bar ?? el('div'), this.air);
    }
  }

  /** @param {ReactionCounts} counts */
  receive(counts) {
    this.#reactions?.receive(counts);
  }

  /** @param {HTMLElement} bar @param {HTMLElement} air */
  async #fetch(bar, air) {
    this.#fetching = true;
    try {
      const { Reactions } = await import('./reactions.js');
      const { t, room } = this.view;
      this.#reactions = new Reactions(bar, air, { t, send: (reaction) => room.react(reaction) });
      this.onReady();
    } catch {
      // There is no connection; with the next draw it is tried again.
      this.#fetching = false;
    }
  }
}
