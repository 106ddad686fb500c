/**
 * What a reader wants to see of a room: everything, unless they chose otherwise. Nothing is left out of the log itself.
 *
 * @import { UserView } from '../../src/protocol/views.js'
 * @import { Item, Message } from './entries.js'
 * @import { ReadingChoices } from './reading.js'
 */

import { mentions } from './mentions.js';

/**
 * @param {readonly Item[]} items
 * @param {Pick<ReadingChoices, 'filter' | 'ignored'>} choices
 * @param {UserView | null} viewer
 * @param {(seq: number) => Message | undefined} find
 * @returns {readonly Item[]} the same list when all of it is shown
 */
export function visibleOf(items, { filter, ignored }, viewer, find) {
  if (filter === 'all' && ignored.length === 0) {
    return items;
  }
  return items.filter(
    (item) =>
      item.type === 'line' ||
      (!ignores(ignored, item) && (filter === 'all' || isChosen(item, filter, viewer, find))),
  );
}

/** An announcement reaches everybody. @param {ReadingChoices['ignored']} ignored @param {Message} message */
export function ignores(ignored, { author, kind }) {
  return kind !== 'admin' && ignored.some(({ id }) => id === author?.id);
}

/**
 * @param {Message} message
 * @param {'staff' | 'me'} filter
 * @param {UserView | null} viewer
 * @param {(seq: number) => Message | undefined} find
 */
function isChosen({ author, kind, text, replyTo }, filter, viewer, find) {
  const isStaff = kind !== 'chat' || (author !== null && author.role !== 'user');
  if (filter === 'staff' || isStaff) {
    return isStaff;
  }
  const isOwn = viewer !== null && author?.id === viewer.id;
  const answersMe = replyTo !== undefined && viewer !== null && find(replyTo)?.author?.id === viewer.id;
  return isOwn || answersMe || (viewer !== null && mentions(text ?? '', viewer.nickname));
}
