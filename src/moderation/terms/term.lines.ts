import { TERM_OUTCOMES, type Term, type TermOutcome } from './matcher.js';

/** How a line says that its term has another outcome than the usual one. */
const MARKER = /^\[(\w+)\]\s*(.*)$/su;

/**
 * Terms as text, one a line; a line may begin with what becomes of a message with it, `[mask] word`. Empty lines do not
 * count. Answers the number of a line that names no outcome there is.
 */
export function readTerms(text: string, usual: TermOutcome): { terms: Term[] } | { wrongLine: number } {
  const terms: Term[] = [];
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const line = raw.trim();
    const [, outcome = usual, word = line] = MARKER.exec(line) ?? [];
    if (!isOutcome(outcome)) {
      return { wrongLine: index + 1 };
    }
    if (line !== '') {
      terms.push({ text: word, outcome });
    }
  }
  return { terms };
}

/** The same terms as `readTerms` reads them. */
export function writeTerms(terms: readonly Term[]): string {
  return terms
    .map(({ text, outcome }) => (outcome === 'refuse' ? text : `[${outcome}] ${text}`) + '\n')
    .join('');
}

function isOutcome(word: string): word is TermOutcome {
  return (TERM_OUTCOMES as readonly string[]).includes(word);
}
