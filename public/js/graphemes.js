/** Text as people count it: a flag, a Hangul syllable or an emoji with a skin tone is one character. */

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** @param {string} text */
export function countGraphemes(text) {
  let count = 0;
  // oxlint-disable-next-line no-unused-vars -- only their number matters
  for (const _ of segmenter.segment(text)) {
    count++;
  }
  return count;
}

/** What stands in an avatar: the first character, upper case. @param {string} text */
export function initial(text) {
  const [first] = segmenter.segment(text);
  return first?.segment.toLocaleUpperCase() ?? '';
}
