/** A text as it is compared: whatever its case and width, and however its letters are put together. */
export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/**
 * The pairs of neighbouring characters in the words of a folded text, each once. Korean words carry their endings with
 * them, so that an index of words would not find 음악 in 음악을; an index of pairs does.
 */
export function pairsOf(folded: string): Set<string> {
  const pairs = new Set<string>();
  for (const word of folded.toWellFormed().split(/\s+/)) {
    let before = '';
    for (const character of word) {
      if (before !== '') {
        pairs.add(before + character);
      }
      before = character;
    }
  }
  return pairs;
}
