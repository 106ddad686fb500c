/**
 * Where a room says where its viewers are led. The bar is fetched with the first raid.
 *
 * @import { RaidView } from '../../src/protocol/views.js'
 * @import { RaidBar } from './raid-bar.js'
 * @import { RoomView } from './room-view.js'
 */

export class RaidSlot {
  /** @type {RaidBar | null} */
  #bar = null;
  #fetching = false;
  /** @type {RaidView | null} */
  #raid = null;
  /** When its time is up, by `performance.now()`: clocks of people are wrong. */
  #until = 0;

  /** @param {RoomView} view @param {() => void} onReady it can be drawn now */
  constructor(view, onReady) {
    this.view = view;
    this.onReady = onReady;
  }

  /** @param {boolean} staff */
  draw(staff) {
    const { room, panel } = this.view;
    const { raid } = room.log;
    if (raid !== this.#raid) {
      this.#raid = raid;
      this.#until = performance.now() + (raid?.leftMs ?? 0);
    }
    if (this.#bar) {
      this.#bar.draw(raid, this.#until, staff);
    } else if (raid && !this.#fetching && panel.dataset['mode'] !== 'overlay') {
      void this.#fetch();
    }
  }

  async #fetch() {
    this.#fetching = true;
    try {
      const { RaidBar } = await import('./raid-bar.js');
      this.#bar = new RaidBar(this.view);
      this.onReady();
    } catch {
      // There is no connection; with the next draw it is tried again.
      this.#fetching = false;
    }
  }
}
