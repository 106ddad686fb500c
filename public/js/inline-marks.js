/**
 * The little Markdown of rooms: **bold**, *italic* or _italic_, ~~strike~~ and `code`, and addresses that can be followed.
 * Emotes of the room are pieces of their own, but not in code. Pure: it gives pieces, and what shows them never handles
 * markup. The server's pages use it too.
 *
 * @import { EmoteView } from '../../src/protocol/views.js'
 * @import { Emote } from './emote-words.js'
 */

import { emoteWords } from './emote-words.js';
import { linkify } from './linkify.js';

/** @typedef {ReadonlyMap<string, EmoteView>} Emotes those of the room, by name */
/** @typedef {{ text: string, href?: string }} Plain */
/** @typedef {{ mark: 'strong' | 'em' | 's' | 'code', pieces: Piece[] }} Marked */
/** @typedef {Plain | Emote | Marked} Piece */

/** Longer texts are left as they are: looking for the end of every mark takes its square. */
const LONGEST = 4000;

/** @type {Emotes} */
const NONE = new Map();

/**
 * An address and the name of an emote come first, so that what stands in them is no mark. A mark begins before and ends after something other than
 * space; `2*3*4` and `snake_case_name` have none, nor have the stars of a masked word, and a Korean particle may follow one.
 */
const MARKS = new RegExp(
  [
    'https?:\\/\\/[^\\s<>"\'`]+?(?=\\*\\*|~~|[\\s<>"\'`]|$)',
    ':[a-z0-9_]{2,32}(?=:)',
    '`(?<code>[^`\\n]+)`',
    '(?<!\\*)\\*\\*(?=\\*?[^\\s*])(?<strong>.+?)(?<=\\S)\\*\\*',
    '~~(?=\\S)(?<s>.+?)(?<=\\S)~~',
    '(?<![\\p{L}\\p{N}*])\\*(?=[^\\s*])(?<star>[^*\\n]+?)(?<=\\S)\\*(?![a-z0-9*])',
    '(?<![\\p{L}\\p{N}_])_(?=[^\\s_])(?<under>[^\\n]+?)(?<=\\S)_(?![a-z0-9_])',
  ].join('|'),
  'giu',
);

/**
 * The whole text in pieces, in order.
 * @param {string} text
 * @param {Emotes} [emotes]
 * @returns {Piece[]}
 */
export function inlineMarks(text, emotes = NONE) {
  return text.length > LONGEST ? unmarked(text, emotes) : marked(text, emotes);
}

/**
 * The same where the room shows no marks.
 * @param {string} text
 * @param {Emotes} [emotes]
 * @returns {Piece[]}
 */
export function unmarked(text, emotes = NONE) {
  return linkify(text).flatMap((piece) =>
    piece.href === undefined ? emoteWords(piece.text, emotes) : [piece],
  );
}

/** @param {string} text @param {Emotes} emotes @returns {Piece[]} */
function marked(text, emotes) {
  /** @type {Piece[]} */
  const pieces = [];
  let from = 0;
  for (const { 0: whole, index, groups = {} } of text.matchAll(MARKS)) {
    const { code, strong, s, star, under } = groups;
    const em = star ?? under;
    const found =
      (code !== undefined && { mark: /** @type {const} */ ('code'), pieces: [{ text: code }] }) ||
      (strong !== undefined && { mark: /** @type {const} */ ('strong'), pieces: marked(strong, emotes) }) ||
      (s !== undefined && { mark: /** @type {const} */ ('s'), pieces: marked(s, emotes) }) ||
      (em !== undefined && { mark: /** @type {const} */ ('em'), pieces: marked(em, emotes) });
    // An address or an emote stays in the stretch that is looked through for them.
    if (found) {
      pieces.push(...unmarked(text.slice(from, index), emotes), found);
      from = index + whole.length;
    }
  }
  return [...pieces, ...unmarked(text.slice(from), emotes)];
}
