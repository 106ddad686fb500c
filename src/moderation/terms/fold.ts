import unhomoglyph from 'unhomoglyph';

/** A text as the matcher reads it, and where each of its units stands in the original. */
export interface Folded {
  readonly text: string;
  /** For each unit of `text`: where in the original what it was made of begins, and ends. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Words that were spelled out are put together in it: where one of them ends and the next begins, nobody knows. */
  readonly isJoined?: true;
}

const UNSEEN = /[\p{M}\p{Default_Ignorable_Code_Point}\p{Cf}\u2800]/gu;
const SPACE = /^\s$/u;
/** Digits that stand for letters; a stroke is one letter, whether i, l or 1. */
const DIGITS = new Map(Object.entries({ 0: 'o', 1: 'l', 3: 'e', 4: 'a', 5: 's', 7: 't', i: 'l' }));
/** Signs that do so inside a word; elsewhere they are what they are. */
const SIGNS = new Map(Object.entries({ '@': 'a', $: 's', '!': 'l', '|': 'l' }));
const BOXES = [0x1f150, 0x1f170];
/** Any of them, in any width. */
const SIGN = /[@$!|\uFE57\uFE69\uFE6B\uFF01\uFF04\uFF20\uFF5C]/u;
const LETTER = /^[\p{L}\p{N}]/u;

/** Hangul as it is built: leading consonants, vowels, final consonants, and the syllables of all three. */
const L = 0x1100;
const V = 0x1161;
const T = 0x11a7;
const S = 0xac00;
const isLead = (unit: number) => unit >= L && unit < L + 19;
const isVowel = (unit: number) => unit >= V && unit < V + 21;
const isFinal = (unit: number) => unit > T && unit < T + 28;
/** The final consonant that each leading one is at the end of a syllable; 0: it cannot be. */
const FINAL_OF_LEAD = [1, 2, 4, 7, 0, 8, 16, 17, 0, 19, 20, 21, 22, 0, 23, 24, 25, 26, 27];

/** A loose consonant behind a syllable: it may be the end of it. */
const LOOSE = /[\uAC00-\uD7A3][\u1100-\u1112]/;

/** A word that is spelled out: single letters with something else between them. */
const SPELLED = /(?<![\p{L}\p{N}])[\p{L}\p{N}](?:[^\p{L}\p{N}]{1,3}[\p{L}\p{N}])+(?![\p{L}\p{N}])/gu;
const NO_LETTER = /[^\p{L}\p{N}]/gu;
/** In Korean two letters make a word; elsewhere that is an abbreviation. */
const IS_WORD = /[\uAC00-\uD7A3]|^.{3}/u;

/** Capitals whose look-alike their small letter does not have: Cyrillic В is a B, and в is not. */
const CAPITAL = /(?![A-Z])\p{Lu}/u;

const cache = new Map<string, string>();

/**
 * What people take for the same, as the same: width, case, accents, what cannot be seen, look-alike letters of other
 * scripts, digits for letters, and Korean letters written one by one. There are two ways to read a loose Korean
 * consonant behind a syllable, and a capital of another script, by what it is and by what it looks like; and a word that is
 * spelled out is read as one: so there may be several readings.
 */
export function foldings(text: string): Folded[] {
  return asWritten(text).flatMap((reading) => {
    const joined = unspelled(reading);
    return joined ? [reading, joined] : [reading];
  });
}

function asWritten(text: string): Folded[] {
  const readings = readingsOf(decomposed(text));
  if (!CAPITAL.test(text)) {
    return readings;
  }
  const seen = readingsOf(decomposed(text, true));
  return seen[0]!.text === readings[0]!.text ? readings : [...readings, ...seen];
}

function readingsOf(parts: readonly Part[]): Folded[] {
  const loose = composed(parts, false);
  return LOOSE.test(loose.text) ? [loose, composed(parts, true)] : [loose];
}

/** With the words that are spelled out put together; null when there are none. */
function unspelled({ text, starts, ends }: Folded): Folded | null {
  const left = new Set<number>();
  for (const { 0: run, index } of text.matchAll(SPELLED)) {
    if (IS_WORD.test(run.replaceAll(NO_LETTER, ''))) {
      for (const gap of run.matchAll(NO_LETTER)) {
        for (let at = 0; at < gap[0].length; at++) {
          left.add(index + gap.index + at);
        }
      }
    }
  }
  const stays = (_unit: unknown, at: number) => !left.has(at);
  return left.size === 0
    ? null
    : {
        text: text.split('').filter(stays).join(''),
        starts: starts.filter(stays),
        ends: ends.filter(stays),
        isJoined: true,
      };
}

/** The one reading of a term: as it was typed. */
export function foldTerm(text: string): string {
  return composed(decomposed(text.trim()), false).text;
}

interface Part {
  readonly unit: string;
  readonly start: number;
  readonly end: number;
}

/** `asSeen`: capitals by what they look like, before their case is folded. */
function decomposed(text: string, asSeen = false): Part[] {
  const parts: Part[] = [];
  let start = 0;
  for (const character of text) {
    const end = start + character.length;
    for (const unit of asSeen && CAPITAL.test(character) ? plainCapital(character) : plain(character)) {
      const isGap = unit === ' ' && (parts.length === 0 || parts.at(-1)!.unit === ' ');
      if (!isGap) {
        parts.push({ unit, start, end });
      }
    }
    start = end;
  }
  return SIGN.test(text) ? parts.map((part, at) => asLetter(part, parts[at - 1], parts[at + 1])) : parts;
}

/** A sign between letters is one. */
function asLetter(part: Part, before: Part | undefined, after: Part | undefined): Part {
  const letter = SIGNS.get(part.unit);
  const isInside = LETTER.test(before?.unit ?? '') && LETTER.test(after?.unit ?? '');
  return letter !== undefined && isInside ? { ...part, unit: letter } : part;
}

/** What one character is read as: several letters, one, or none. */
function plain(character: string): string {
  const known = cache.get(character);
  if (known !== undefined) {
    return known;
  }
  const bare = inBox(character).normalize('NFKD').toLowerCase().replaceAll(UNSEEN, '');
  const alike = isHangul(bare)
    ? bare
    : unhomoglyph(bare).normalize('NFKD').toLowerCase().replaceAll(UNSEEN, '');
  const read = Array.from(alike, (unit) => (SPACE.test(unit) ? ' ' : (DIGITS.get(unit) ?? unit))).join('');
  // As many characters as people really use; somebody who goes through all of Unicode must not fill the memory.
  if (cache.size >= 20_000) {
    cache.clear();
  }
  cache.set(character, read);
  return read;
}

/** What a capital looks like, as it is read everywhere. */
const plainCapital = (character: string) => Array.from(unhomoglyph(character), plain).join('');

/** White letters on a circle or a square, which no normal form takes off it. */
function inBox(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const first = BOXES.find((from) => code >= from && code < from + 26);
  return first === undefined ? character : String.fromCharCode(0x41 + code - first);
}

const isHangul = (text: string) => /^[\u1100-\u11ff]+$/.test(text);

/** Puts Korean letters together to syllables; `tight`: also a loose consonant that ends the syllable before it. */
function composed(parts: readonly Part[], tight: boolean): Folded {
  let text = '';
  const starts: number[] = [];
  const ends: number[] = [];
  const push = (unit: string, start: number, end: number) => {
    text += unit;
    // Offsets are by UTF-16 unit, as the matcher counts.
    for (let count = unit.length; count > 0; count--) {
      starts.push(start);
      ends.push(end);
    }
  };
  const code = (index: number) => parts[index]?.unit.charCodeAt(0) ?? 0;
  for (let at = 0; at < parts.length; at++) {
    const { unit, start } = parts[at]!;
    if (!isLead(code(at)) || !isVowel(code(at + 1))) {
      push(unit, start, parts[at]!.end);
      continue;
    }
    const open = S + ((code(at) - L) * 21 + (code(at + 1) - V)) * 28;
    const third = code(at + 2);
    const isLoose = tight && isLead(third) && !isVowel(code(at + 3));
    const final = isFinal(third) ? third - T : isLoose ? FINAL_OF_LEAD[third - L]! : 0;
    at += final === 0 ? 1 : 2;
    push(String.fromCharCode(open + final), start, parts[at]!.end);
  }
  return { text, starts, ends };
}
