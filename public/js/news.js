/**
 * What others said that this reader has not had before them: counted on the pill, read out to those who listen.
 *
 * @import { UserView } from '../../src/protocol/views.js'
 * @import { Room } from './room.js'
 * @import { Translate } from './strings.js'
 */

import { Announcer } from './announcer.js';
import { slot } from './dom.js';
import { messagesIn } from './reducer.js';

export class News {
  #readUpTo = 0;
  /** Null until the room is live: what was said before is not read out. @type {number | null} */
  #announcedUpTo = null;

  /** @param {HTMLElement} panel @param {UserView | null} viewer @param {Translate} t */
  constructor(panel, viewer, t) {
    this.pill = slot(panel, 'new');
    this.announcer = new Announcer(slot(panel, 'announcer'), t);
    this.viewer = viewer;
    this.t = t;
  }

  /** @param {Room} room @param {boolean} following the reader sees the newest message */
  draw(room, following) {
    const newest = room.log.items.at(-1)?.seq ?? 0;
    if (following) {
      this.#readUpTo = newest;
    }
    const unread = this.#since(room, this.#readUpTo).length;
    this.pill.hidden = unread === 0;
    this.pill.textContent = unread === 0 ? '' : this.t('new', { count: unread });
    if (room.live) {
      this.announcer.add(this.#since(room, this.#announcedUpTo ?? newest));
      this.#announcedUpTo = newest;
    }
  }

  /** @param {Room} room @param {number} seq */
  #since(room, seq) {
    const others = messagesIn(room.log).filter(
      ({ author, removed }) => removed === null && (author === null || author.id !== this.viewer?.id),
    );
    return others.filter((message) => message.seq > seq);
  }
}
