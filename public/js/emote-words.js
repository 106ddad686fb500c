/**
 * Finds the emotes of a room in what somebody wrote: `:name:` for a name that the room has. Pure; the server uses it too.
 *
 * @import { EmoteView } from '../../src/protocol/views.js'
 */

/** An emote as it was written. @typedef {{ text: string, image: string, animated?: true }} Emote */

/** Without the colon at its end, which may begin the next. */
const CANDIDATE = /:([a-z0-9_]{2,32})(?=:)/g;

/**
 * The whole text in pieces, in order.
 * @param {string} text
 * @param {ReadonlyMap<string, EmoteView>} emotes
 * @returns {(Emote | { text: string })[]}
 */
export function emoteWords(text, emotes) {
  /** @type {(Emote | { text: string })[]} */
  const pieces = [];
  let from = 0;
  for (const { 1: name = '', index } of emotes.size > 0 ? text.matchAll(CANDIDATE) : []) {
    const emote = index < from ? undefined : emotes.get(name);
    if (emote) {
      const { image, animated } = emote;
      pieces.push(...plain(text.slice(from, index)));
      pieces.push({ text: `:${name}:`, image, ...(animated && { animated }) });
      from = index + name.length + 2;
    }
  }
  return [...pieces, ...plain(text.slice(from))];
}

/** @param {string} text @returns {{ text: string }[]} */
function plain(text) {
  return text === '' ? [] : [{ text }];
}
