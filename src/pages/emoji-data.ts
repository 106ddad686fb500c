import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { EmojiGroupView } from '../protocol/views.js';
import type { Locale } from '../protocol/views.js';

/** What `emojibase-data` ships; only what is used. */
interface CompactEmoji {
  group?: number;
  label: string;
  order?: number;
  tags?: string[];
  unicode: string;
  skins?: CompactEmoji[];
}

const LOCALES: readonly Locale[] = ['ko', 'en'];
/** Skin tones and hair alone. */
const COMPONENTS = 'component';
const TONES = /[\u{1F3FB}-\u{1F3FF}]/gu;
const TONE_COUNT = 5;

const made = new Map<Locale, EmojiGroupView[]>();

/**
 * Every emoji with its name in one language and the words of both by which it is found; read when it is first asked for.
 */
export function emojiGroups(locale: Locale): EmojiGroupView[] {
  const groups = made.get(locale) ?? makeGroups(locale);
  made.set(locale, groups);
  return groups;
}

function makeGroups(locale: Locale): EmojiGroupView[] {
  const words = wordsByEmoji();
  const { groups } = read(locale, 'messages');
  const emojis = read(locale, 'compact').toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0));
  return groups
    .filter(({ key }) => key !== COMPONENTS)
    .map(({ message, order }) => ({
      name: message,
      emojis: emojis
        .filter(({ group }) => group === order)
        .map(({ unicode, label, skins = [] }) => ({
          text: unicode,
          name: label,
          words: words.get(unicode) ?? '',
          ...(skins.length >= TONE_COUNT && { tones: tonesOf(skins) }),
        })),
    }));
}

/** One for each tone; of several people those who share it. */
function tonesOf(skins: CompactEmoji[]): string[] {
  return skins
    .map(({ unicode }) => unicode)
    .filter((unicode) => new Set(unicode.match(TONES)).size === 1)
    .slice(0, TONE_COUNT);
}

function wordsByEmoji(): Map<string, string> {
  const words = new Map<string, Set<string>>();
  for (const locale of LOCALES) {
    for (const { unicode, label, tags = [] } of read(locale, 'compact')) {
      const known = words.get(unicode) ?? new Set<string>();
      [label, ...tags].forEach((word) => known.add(word.toLowerCase()));
      words.set(unicode, known);
    }
  }
  return new Map([...words].map(([unicode, known]) => [unicode, [...known].join(' ')]));
}

/** The names of the groups of emojis. */
interface Messages {
  groups: { key: string; message: string; order: number }[];
}

function read(locale: Locale, file: 'messages'): Messages;
function read(locale: Locale, file: 'compact'): CompactEmoji[];
function read(locale: Locale, file: string): unknown {
  const path = fileURLToPath(import.meta.resolve(`emojibase-data/${locale}/${file}.json`));
  return JSON.parse(readFileSync(path, 'utf8'));
}
