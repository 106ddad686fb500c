import type { Moderator } from './moderator.js';

/** Lets through what holds none of the terms, whatever their case and width. */
export class TermsModerator implements Moderator {
  constructor(private readonly terms: () => readonly string[]) {}

  allows(text: string): Promise<boolean> {
    const folded = fold(text);
    return Promise.resolve(!this.terms().some((term) => folded.includes(fold(term))));
  }
}

/** Invisible characters are no way around a term, nor is a full-width letter. */
function fold(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[\u00AD\u200B-\u200F\u2060-\u2064\uFEFF]/g, '')
    .toLowerCase();
}
