import { DomainError } from '../common/errors.js';

const segmenter = new Intl.Segmenter();
/** A letter may carry marks, but not without end: so many code units a grapheme, on average. */
const UNITS_PER_GRAPHEME = 20;
/** More marks on one letter than any living script writes: a smear over the lines around it. */
const STACKED = /\p{M}{9}/u;
/** Nothing that shows: spaces, controls, marks without a letter, zero-width and filler characters. */
const INVISIBLE = /^[\s\p{C}\p{M}\u115F\u1160\u3164\uFFA0\u2800]*$/u;

/**
 * The text as it is stored: without white space around it. Throws `text.empty`, `text.too-long`, or `frame.invalid`
 * for what no database and no screen can hold (NUL, half a surrogate pair, a tower of marks).
 */
export function checkedText(raw: string, limit: number): string {
  if (raw.includes('\0') || !raw.isWellFormed() || STACKED.test(raw)) {
    throw new DomainError('frame.invalid', { fields: { text: 'field.invalid' } });
  }
  const text = raw.trim();
  if (INVISIBLE.test(text)) {
    throw new DomainError('text.empty');
  }
  if (longerThan(text, limit)) {
    throw new DomainError('text.too-long', { params: { limit } });
  }
  return text;
}

/** Whether a text has more graphemes, what a person calls characters, than `limit`. */
function longerThan(text: string, limit: number): boolean {
  if (text.length <= limit) {
    return false;
  }
  if (text.length > limit * UNITS_PER_GRAPHEME) {
    return true;
  }
  let count = 0;
  for (const _ of segmenter.segment(text)) {
    if (++count > limit) {
      return true;
    }
  }
  return false;
}
