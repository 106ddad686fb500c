/**
 * @import { Emote } from './emote-words.js'
 * @import { Emotes, Piece } from './inline-marks.js'
 */

import { el, write } from './dom.js';
import { emoteWords } from './emote-words.js';
import { inlineMarks, unmarked } from './inline-marks.js';

/** As it is drawn, in CSS pixels; the style sheet has it in letters. */
const EMOTE_PX = 28;

/**
 * Shows what somebody wrote, in place of what is there: addresses as links, emotes of the room as pictures, and bold and the
 * like where the room has them.
 * @param {HTMLElement} place
 * @param {string} text
 * @param {boolean} marks
 * @param {Emotes} emotes
 */
export function showWords(place, text, marks, emotes) {
  const pieces = (marks ? inlineMarks : unmarked)(text, emotes);
  const [first] = pieces;
  if (pieces.length === 1 && first && 'text' in first && !('image' in first) && first.href === undefined) {
    write(place, first.text);
  } else {
    place.replaceChildren(...pieces.map(nodeOf));
  }
}

/**
 * The same for a place that is a link or a button itself, and for one line: emotes are pictures there too, all else is as it
 * was written.
 * @param {HTMLElement} place
 * @param {string} text
 * @param {Emotes} emotes
 */
export function showLine(place, text, emotes) {
  place.replaceChildren(...emoteWords(text, emotes).map(nodeOf));
}

/**
 * The picture of an emote, of one size whether or not it has come. It stands still for readers who want nothing to move.
 * @param {Omit<Emote, 'text'>} emote
 * @param {string} alt what it says to whom it is not seen by
 * @returns {HTMLElement}
 */
export function emotePicture({ image, animated }, alt) {
  const picture = el('img', {
    class: 'emote',
    src: image,
    alt,
    title: alt || null,
    width: EMOTE_PX,
    height: EMOTE_PX,
    decoding: 'async',
    draggable: 'false',
  });
  return animated
    ? el(
        'picture',
        {},
        el('source', { srcset: `${image}/still`, media: '(prefers-reduced-motion: reduce)' }),
        picture,
      )
    : picture;
}

/** @param {Piece} piece @returns {Node | string} */
function nodeOf(piece) {
  if ('mark' in piece) {
    return el(piece.mark, {}, ...piece.pieces.map(nodeOf));
  }
  if ('image' in piece) {
    return emotePicture(piece, piece.text);
  }
  return piece.href === undefined
    ? piece.text
    : el('a', { href: piece.href, target: '_blank', rel: 'noopener nofollow ugc' }, piece.text);
}
