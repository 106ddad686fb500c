/**
 * Where the poll of a room is shown. Its card is fetched with the first poll.
 *
 * @import { PollCard } from './poll-card.js'
 * @import { RoomView } from './room-view.js'
 */

import { findSlot } from './dom.js';
import { pollLineText } from './poll.js';

export class PollSlot {
  /** @type {PollCard | null} */
  #card = null;
  #fetching = false;
  /** The poll that was open at the last look; undefined before the first. @type {string | null | undefined} */
  #known;

  /** @param {RoomView} view @param {() => void} onReady it can be drawn now */
  constructor(view, onReady) {
    this.view = view;
    this.onReady = onReady;
    this.place = findSlot(view.panel, 'poll', HTMLElement);
  }

  /** @param {{ staff: boolean, votes: boolean }} reader */
  draw(reader) {
    const { room } = this.view;
    const { poll } = room.log;
    this.#tellNews();
    if (this.#card) {
      this.#card.draw(poll, reader);
    } else if (poll && this.place && !this.#fetching) {
      void this.#fetch(this.place);
    }
  }

  /** @param {HTMLElement} place */
  async #fetch(place) {
    this.#fetching = true;
    try {
      const { PollCard } = await import('./poll-card.js');
      const { t, locale, slug, room } = this.view;
      this.#card = new PollCard(place, {
        t,
        locale,
        slug,
        storage: localStorage,
        onVoted: (poll) => room.voted(poll),
      });
      this.onReady();
    } catch {
      // There is no connection; with the next draw it is tried again.
      this.#fetching = false;
    }
  }

  /** Says to those who listen that a poll has been opened, and how one ended. */
  #tellNews() {
    const { room, news, t, locale } = this.view;
    if (!room.live) {
      return;
    }
    const { poll, items } = room.log;
    const before = this.#known;
    this.#known = poll?.id ?? null;
    if (before === undefined || before === this.#known) {
      return;
    }
    const result = items.findLast((item) => item.type === 'line' && item.poll?.id === before);
    const sentences = [
      ...(before && result?.type === 'line' ? [pollLineText(result, t, locale)] : []),
      ...(poll ? [t('poll.new', { question: poll.question, choices: poll.choices.join(', ') })] : []),
    ];
    news.announcer.add([], sentences);
  }
}
