const LONGEST = 60;
const segmenter = new Intl.Segmenter();

/** A conversation's title from the first words of its first question: one line, cut between words. */
export function titleFrom(text: string): string {
  const line = text
    .replaceAll(/[`*_#>|~[\]]+/g, ' ')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const letters = Array.from(segmenter.segment(line.slice(0, LONGEST * 20)), ({ segment }) => segment);
  if (letters.length <= LONGEST) {
    return letters.join('');
  }
  const cut = letters.slice(0, LONGEST - 1).join('');
  const lastSpace = cut.lastIndexOf(' ');
  return `${(lastSpace > LONGEST / 2 ? cut.slice(0, lastSpace) : cut).trimEnd()}…`;
}
