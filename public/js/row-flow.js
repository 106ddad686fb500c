/**
 * How rows follow one another. Pure: it says what goes on with the message above, and where a day begins.
 *
 * @import { Item } from './entries.js'
 * @import { Source } from './message-list.js'
 */

/** Before the item with this seq. @typedef {{ type: 'day', seq: number, at: string }} Day */

/**
 * Whether a message goes on with what stands above it: one person, within one minute of the clock, so that the name and
 * the time are told again before they are out of sight. It depends on the row above alone, so nothing else changes when
 * rows come or go.
 * @param {Source | null} above
 * @param {Source} source
 * @param {string} [viewerId] whose messages are on their way
 */
export function continues(above, source, viewerId) {
  const former = above && spokenBy(above, viewerId);
  const one = spokenBy(source, viewerId);
  return Boolean(
    former &&
    one &&
    former.author === one.author &&
    !one.answers &&
    (!one.minute || former.minute === one.minute),
  );
}

/** What an ordinary message is grouped by; null for all that stands alone. @param {Source} source @param {string} [viewerId] */
function spokenBy(source, viewerId) {
  if ('status' in source) {
    const { frame, status } = source;
    const isPlain = frame.event === 'say' && frame.data.kind === undefined && status !== 'failed';
    const answers = frame.event === 'say' && frame.data.replyTo !== undefined;
    return isPlain && viewerId !== undefined ? { author: viewerId, minute: '', answers } : null;
  }
  if (source.type !== 'message' || source.kind !== 'chat' || source.removed || !source.author) {
    return null;
  }
  return {
    author: source.author.id,
    minute: source.at.slice(0, '2026-01-01T00:00'.length),
    answers: source.replyTo !== undefined,
  };
}

/**
 * Puts a day before the first of its items. What was said today needs none until there is something of another day.
 * @param {readonly Item[]} items
 * @param {(at: string) => string} dayOf equal for times of one day, as this reader's calendar has it
 * @param {string} today
 * @returns {(Item | Day)[]}
 */
export function withDays(items, dayOf, today) {
  let day = today;
  return items.flatMap((item) => {
    const is = dayOf(item.at);
    const begins = is !== day;
    day = is;
    return begins ? [{ type: /** @type {const} */ ('day'), seq: item.seq, at: item.at }, item] : [item];
  });
}
