/**
 * What happens to a room, told to those who listen: what its quiet lines and its bar of modes tell the eye. Polls, pins and raids
 * are told by what shows them.
 *
 * @import { ServerFrame } from '../../src/protocol/frames.js'
 * @import { Line } from './entries.js'
 * @import { RoomView } from './room-view.js'
 */

import { lineText } from './message-row.js';
import { modesOn } from './modes.js';

/** Lines that are told elsewhere, in other words. @type {ReadonlySet<Line['says']>} */
const ELSEWHERE = new Set(['poll-opened', 'poll-closed']);
/** Each about one person: in a flood there are many. @type {ReadonlySet<Line['says']>} */
const ABOUT_PEOPLE = new Set(['timeout', 'ban', 'lift', 'hide', 'unhide', 'appointed', 'dismissed']);
/** What the person whom it is about is told by the box, or by the state of the connection. @type {ReadonlySet<Line['says']>} */
const TOLD_TO_THEM = new Set(['timeout', 'ban']);

export class RoomNews {
  /** Null until the room is live: what was before is not told. @type {number | null} */
  #toldUpTo = null;
  /** @type {string | null} */
  #modes = null;
  /** The questions that were told to be answered. @type {Set<string>} */
  #answered = new Set();

  /** @param {Pick<RoomView, 't' | 'locale' | 'viewer' | 'news' | 'room'>} view */
  constructor(view) {
    this.view = view;
  }

  /** Looks at what has come. */
  draw() {
    const { news, room, t, locale } = this.view;
    if (!room.live) {
      return;
    }
    const lines = this.#newLines();
    /** @param {Line} line */
    const text = (line) => lineText(line, t, locale);
    news.announcer.add(
      [],
      [...lines.filter(({ says }) => !ABOUT_PEOPLE.has(says)).map(text), ...this.#changedModes()],
      lines.filter(({ says }) => ABOUT_PEOPLE.has(says)).map(text),
    );
  }

  /** That a question is answered, once. @param {ServerFrame} frame */
  question(frame) {
    if (frame.event !== 'question.asked' || frame.data.status !== 'answered') {
      return;
    }
    const { id, text } = frame.data;
    if (!this.#answered.has(id)) {
      this.#answered.add(id);
      const { news, t } = this.view;
      news.announcer.add([], [t('news.answered', { text })]);
    }
  }

  #newLines() {
    const { room, viewer } = this.view;
    const { items } = room.log;
    const newest = items.at(-1)?.seq ?? 0;
    const since = this.#toldUpTo ?? newest;
    this.#toldUpTo = newest;
    return items
      .filter((item) => item.type === 'line')
      .filter(({ seq, says }) => seq > since && !ELSEWHERE.has(says))
      .filter(({ about, says }) => !(about === viewer?.id && TOLD_TO_THEM.has(says)));
  }

  #changedModes() {
    const { room, t, locale } = this.view;
    const modes = room.log.room ? modesOn(room.log.room.settings, t, locale).join(', ') : '';
    const before = this.#modes;
    this.#modes = modes;
    if (before === null || before === modes) {
      return [];
    }
    return [modes === '' ? t('news.modes-none') : t('news.modes', { modes })];
  }
}
