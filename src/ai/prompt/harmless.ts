/** The marks with which models tell their own parts of a prompt from each other. */
const MARKS = /<\|[^]{0,40}?\|>|\[\/?INST\]|<<\/?SYS>>|<\/?s>|<\/?(?:start|end)_of_turn>/gi;
/** What turns or hides the text around it. */
const UNSEEN = /[\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g;
const LONGEST_NAME = 40;

/** A person's text without what a model or a reader could take for something else. */
export function harmless(text: string): string {
  return text.replaceAll(UNSEEN, '').replaceAll(MARKS, ' ');
}

/** A person's name as a model is told it. */
export function harmlessName(name: string | null): string {
  return harmless(name ?? '?')
    .replaceAll(/\p{Cc}/gu, '')
    .slice(0, LONGEST_NAME)
    .toWellFormed();
}
