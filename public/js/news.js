/**
 * What others said that this reader has not had before them: counted on the pill, read out to those who listen.
 *
 * @import { UserView } from '../../src/protocol/views.js'
 * @import { AnswersState } from './answers.js'
 * @import { Room } from './room.js'
 * @import { Translate } from './strings.js'
 */

import { outcomeText } from './answer-words.js';
import { Announcer } from './announcer.js';
import { noAnswers } from './answers.js';
import { slot, tell } from './dom.js';
import { messageAt, messagesIn } from './reducer.js';

export class News {
  #readUpTo = 0;
  /** How many of the messages shown were removed at the last look. */
  #gone = 0;
  /** Null until the room is live: what was said before is not read out. @type {number | null} */
  #announcedUpTo = null;
  /** The answers and outcomes that were there at the last look. @type {AnswersState} */
  #answers = noAnswers();

  /** @param {HTMLElement} panel @param {UserView | null} viewer @param {Translate} t */
  constructor(panel, viewer, t) {
    this.pill = slot(panel, 'new');
    this.announcer = new Announcer(slot(panel, 'announcer'), t);
    this.viewer = viewer;
    this.t = t;
  }

  /**
   * @param {Room} room
   * @param {object} reader
   * @param {boolean} reader.following at the bottom
   * @param {number} reader.behind so many messages wait for their turn at a steady pace
   */
  draw(room, { following, behind }) {
    const newest = room.log.items.at(-1)?.seq ?? 0;
    if (following) {
      this.#readUpTo = newest;
    }
    const unread = following ? behind : this.#since(room, this.#readUpTo).length;
    tell(this.pill, unread === 0 ? '' : this.t(following ? 'behind' : 'new', { count: unread }));
    const gone = messagesIn(room.log).filter(({ removed }) => removed !== null).length;
    if (gone > this.#gone) {
      this.announcer.forget(({ seq }) => messageAt(room.log, seq)?.removed === null);
    }
    this.#gone = gone;
    if (room.live) {
      this.announcer.add(this.#since(room, this.#announcedUpTo ?? newest), this.#ofAnswers(room.answers));
      this.#announcedUpTo = newest;
    }
  }

  /**
   * That one is being written, and why there is none; what it says is read out once it is a message.
   * @param {AnswersState} answers
   */
  #ofAnswers({ running, outcomes }) {
    const known = this.#answers;
    this.#answers = { running, outcomes };
    const isBegun = [...running.keys()].some((id) => !known.running.has(id));
    const failed = [...outcomes].filter(([seq, outcome]) => known.outcomes.get(seq) !== outcome);
    return [
      ...(isBegun ? [this.t('ai.writing')] : []),
      ...failed.map(([, outcome]) => outcomeText(outcome, this.t)),
    ];
  }

  /** @param {Room} room @param {number} seq */
  #since(room, seq) {
    const others = messagesIn(room.log).filter(
      ({ author, removed }) => removed === null && (author === null || author.id !== this.viewer?.id),
    );
    return others.filter((message) => message.seq > seq);
  }
}
