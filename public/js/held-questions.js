/**
 * How many questions wait for review, at the button of the questions: they are in no queue beside the log.
 *
 * @import { QuestionView } from '../../src/protocol/views.js'
 * @import { RoomView } from './room-view.js'
 */

import { get } from './api.js';
import { findSlot } from './dom.js';
import { changedQuestions } from './questions.js';
import { showWaiting } from './waiting-count.js';

export class HeldQuestions {
  /** @type {QuestionView[]} */
  #questions = [];
  #shown = false;

  /** @param {RoomView} view */
  constructor(view) {
    this.view = view;
    view.panel.addEventListener('madang:question', (event) => {
      if (this.#shown && event instanceof CustomEvent) {
        this.#take(changedQuestions(this.#questions, event.detail));
      }
    });
  }

  /** Whether they are to be counted: for staff, while the connection is up; each time, they are read anew. @param {boolean} shown */
  show(shown) {
    const counts = shown && this.view.room.log.room?.settings.questions === true;
    if (counts && !this.#shown) {
      void this.#load();
    } else if (!counts && this.#shown) {
      this.#take([]);
    }
    this.#shown = counts;
  }

  async #load() {
    const path = `/api/rooms/${encodeURIComponent(this.view.slug)}/questions`;
    /** @type {Awaited<ReturnType<typeof get<{ questions: QuestionView[] }>>>} */
    const { answer } = await get(path, this.view.t);
    if (answer) {
      this.#take(answer.questions);
    }
  }

  /** @param {QuestionView[]} questions */
  #take(questions) {
    this.#questions = questions;
    const button = findSlot(this.view.panel, 'questions', HTMLElement);
    if (button) {
      showWaiting(button, questions.filter(({ status }) => status === 'held').length, this.view.t);
    }
  }
}
