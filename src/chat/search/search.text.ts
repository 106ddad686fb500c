import { fold } from '../../common/pairs.js';

/** Words of a query beyond these are not looked at. */
const WORDS = 8;

/** What is looked for: all of these, also within longer words. */
export function wordsOf(query: string): string[] {
  return fold(query).split(/\s+/u).filter(Boolean).slice(0, WORDS);
}

/** Whether a text has all the words in it. */
export function holdsAll(text: string, words: readonly string[]): boolean {
  const said = fold(text);
  return words.every((word) => said.includes(word));
}
