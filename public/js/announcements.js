/** @import { AnnouncementStyle } from '../../src/protocol/frames.js' */

/** In graphemes, whatever the room's limit is. */
export const LONGEST_ANNOUNCEMENT = 500;

/** What the looks are called, in both languages. @type {ReadonlyMap<string, AnnouncementStyle>} */
const STYLES = new Map([
  ['info', 'info'],
  ['알림', 'info'],
  ['warning', 'warning'],
  ['중요', 'warning'],
  ['celebration', 'celebration'],
  ['축하', 'celebration'],
]);

/** The look of an announcement that a word names. @param {string} word */
export function styleNamed(word) {
  return STYLES.get(word.toLowerCase());
}
