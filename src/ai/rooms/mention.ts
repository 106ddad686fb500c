/** Fenced blocks, code spans and quoted lines: what is in them is not said to anybody. */
const NOT_SAID = /```[^]*?(?:```|(?![^]))|~~~[^]*?(?:~~~|(?![^]))|(`+)(?!`)[^]*?[^`]\1(?!`)|^[ \t]*>.*$/gm;

/**
 * Whether a message speaks to the AI: `@name` as a word, in whatever case, outside code and quotes. Not in an address
 * (`a@ai.com`), not as the beginning of another word (`@airport`); Korean and Japanese particles may follow a name in Latin
 * letters, as they do in writing (`@ai야`).
 */
export function mentionsAi(text: string, name: string): boolean {
  return text.includes('@') && mentionOf(name).test(text.replaceAll(NOT_SAID, ' '));
}

const patterns = new Map<string, RegExp>();

function mentionOf(name: string): RegExp {
  let pattern = patterns.get(name);
  if (!pattern) {
    const inWord = String.raw`[\p{L}\p{N}\p{M}_@]`;
    // Where a name ends and a particle begins shows only if they are written in different letters.
    const particle = /^[\w-]+$/.test(name) ? String.raw`(?=[\p{sc=Hangul}\p{sc=Hira}\p{sc=Kana}])|` : '';
    const before = String.raw`(?<![\p{L}\p{N}\p{M}_@.+/\-])`;
    const after = String.raw`(?:${particle}(?!${inWord})(?![.\-/]${inWord}))`;
    pattern = new RegExp(`${before}@${name}${after}`, 'iu');
    patterns.set(name, pattern);
  }
  return pattern;
}
