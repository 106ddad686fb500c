/**
 * Who reads a panel: how they chose to, and what of the room they are shown by now.
 *
 * @import { IgnoredPeople } from './ignored-people.js'
 * @import { UserView } from '../../src/protocol/views.js'
 * @import { Item, Message } from './entries.js'
 * @import { ReadingChoices } from './reading.js'
 * @import { Room } from './room.js'
 * @import { Translate } from './strings.js'
 */

import { findSlot, slot } from './dom.js';
import { Pace } from './pace.js';
import { Reading } from './reading.js';
import { toast } from './toast.js';
import { visibleOf } from './view-filter.js';

export class Reader {
  #pace = new Pace();
  /** When the next message is due at a steady pace. @type {ReturnType<typeof setTimeout> | undefined} */
  #due;

  /**
   * @param {HTMLElement} panel
   * @param {object} options
   * @param {Translate} options.t
   * @param {() => void} options.onChange something else is to be shown
   */
  constructor(panel, { t, onChange }) {
    this.panel = panel;
    this.t = t;
    this.onChange = onChange;
    /** Choices are not for where nobody could make them: an overlay is read as its address says. */
    this.chooses = findSlot(panel, 'reading', HTMLButtonElement) !== null;
    this.note = findSlot(panel, 'filter', HTMLElement);
    this.reading = new Reading(localStorage, () => {
      this.#apply();
      onChange();
    });
    /** Where a member's choice of whom they ignore is kept; others' is kept in this browser. @type {IgnoredPeople | null} */
    this.account = null;
    this.note
      ?.querySelector('button')
      ?.addEventListener('click', () => this.reading.choose({ filter: 'all' }));
    this.#apply();
  }

  /** @returns {ReadingChoices} */
  get choices() {
    return this.reading.choices;
  }

  /** How many messages wait for their turn at a steady pace. */
  get behind() {
    return this.#pace.behind;
  }

  catchUp() {
    this.#pace.catchUp();
    this.onChange();
  }

  /** For oneself alone; nobody else is told. @param {{ id: string, nickname: string }} person */
  ignore({ id, nickname }) {
    if (this.account) {
      void this.account.add({ id, nickname }).then(tellRefusal);
    } else {
      this.reading.choose({ ignored: [...this.choices.ignored, { id, nickname }] });
    }
  }

  /** Shows again what somebody says. @param {string} id */
  readAgain(id) {
    if (this.account) {
      void this.account.remove(id).then(tellRefusal);
    } else {
      this.reading.choose({ ignored: this.choices.ignored.filter((other) => other.id !== id) });
    }
  }

  /**
   * What is to be drawn now; whoever draws is called when there is more.
   * @param {Room} room
   * @param {UserView | null} viewer
   * @param {(seq: number) => Message | undefined} find
   * @returns {readonly Item[]}
   */
  shown(room, viewer, find) {
    const { items } = room.log;
    const visible = this.chooses ? visibleOf(items, this.choices, viewer, find) : items;
    const shown = this.#pace.shown(visible, performance.now());
    const { due } = this.#pace;
    clearTimeout(this.#due);
    if (due !== null) {
      this.#due = setTimeout(() => this.onChange(), due);
    }
    return shown;
  }

  #apply() {
    if (!this.chooses) {
      return;
    }
    const { size, times, steady, filter } = this.choices;
    this.panel.dataset['size'] = size;
    this.panel.dataset['times'] = times;
    this.#pace.on = steady;
    if (this.note) {
      this.note.hidden = filter === 'all';
      slot(this.note, 'filter-text').textContent =
        filter === 'all' ? '' : this.t(`reading.filtered-${filter}`);
    }
  }
}

/** @param {string | null} refusal */
function tellRefusal(refusal) {
  if (refusal) {
    toast(refusal);
  }
}
