import type { Role } from '../../protocol/views.js';
import { DomainError } from '../../common/errors.js';

const segmenter = new Intl.Segmenter();
/** A letter may carry marks, but not without end: so many code units a grapheme, on average. */
const UNITS_PER_GRAPHEME = 20;
/** More marks on one letter than any living script writes: a smear over the lines around it. */
const STACKED = /\p{M}{9}/u;
/** More lines push everybody else's words off the screen. */
export const MOST_LINES = 10;
const LINE_BREAKS = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g;
/** Nothing that shows: spaces, controls, marks without a letter, zero-width and filler characters. */
const INVISIBLE = /^[\s\p{C}\p{M}\u115F\u1160\u3164\uFFA0\u2800]*$/u;

/**
 * The text as it is stored: without white space around it. Throws `text.empty`, `text.too-long`, or `frame.invalid`
 * for what no database and no screen can hold (NUL, half a surrogate pair, a tower of marks).
 */
export function checkedText(raw: string, limit: number): string {
  if (raw.includes('\0') || !raw.isWellFormed()) {
    throw new DomainError('frame.invalid', { fields: { text: 'field.invalid' } });
  }
  if (STACKED.test(raw)) {
    throw new DomainError('frame.invalid', { fields: { text: 'field.marks' } });
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

/** The same of somebody who speaks to a room of many: but for its staff, `frame.invalid` for more lines than fit beside others. */
export function spokenText(raw: string, limit: number, { role }: { readonly role: Role }): string {
  const text = checkedText(raw, limit);
  if (role === 'user' && (text.match(LINE_BREAKS)?.length ?? 0) >= MOST_LINES) {
    throw new DomainError('frame.invalid', {
      fields: { text: 'field.lines' },
      params: { limit: MOST_LINES },
    });
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
