/**
 * Every emoji, fetched when somebody first wants one; and what this reader uses of them.
 *
 * @import { EmojiGroupView, EmojiView } from '../../src/protocol/views.js'
 */

import { folded } from './folding.js';

const RECENT_KEY = 'madang:emoji:recent';
const TONE_KEY = 'madang:emoji:tone';
const RECENT = 24;
const FOUND = 60;

export class EmojiStore {
  /** @type {Promise<EmojiGroupView[]> | null} */
  #groups = null;

  /** @param {Pick<Storage, 'getItem' | 'setItem'>} storage */
  constructor(storage) {
    this.storage = storage;
  }

  /** Rejects when they cannot be had; the next call tries again. @returns {Promise<EmojiGroupView[]>} */
  groups() {
    this.#groups ??= load().catch((error) => {
      this.#groups = null;
      throw error;
    });
    return this.#groups;
  }

  /** Those that are called so, in Korean or English; best first. @param {string} query @returns {Promise<EmojiView[]>} */
  async find(query) {
    const asked = folded(query.trim());
    const groups = await this.groups().catch(() => []);
    const ranked = groups
      .flatMap(({ emojis }) => emojis)
      .map((emoji) => ({ emoji, rank: rankOf(emoji, asked) }))
      .filter(({ rank }) => rank > 0);
    // Sorting is stable: equals stay in the order of the picker.
    return ranked
      .sort((a, b) => b.rank - a.rank)
      .slice(0, FOUND)
      .map(({ emoji }) => this.toned(emoji));
  }

  /** An emoji in the tone that was chosen. @param {EmojiView} emoji @returns {EmojiView} */
  toned(emoji) {
    const text = emoji.tones?.[this.tone - 1];
    return text ? { ...emoji, text } : emoji;
  }

  /** 0: none; 1–5: light to dark. */
  get tone() {
    return Number(read(this.storage, TONE_KEY)) || 0;
  }

  set tone(tone) {
    write(this.storage, TONE_KEY, String(tone));
  }

  /** @returns {string[]} the last used first */
  get recent() {
    return (read(this.storage, RECENT_KEY) ?? '').split(' ').filter(Boolean);
  }

  /** @param {string} text */
  used(text) {
    const recent = [text, ...this.recent.filter((other) => other !== text)].slice(0, RECENT);
    write(this.storage, RECENT_KEY, recent.join(' '));
  }
}

/** A whole word, the beginning of one, or somewhere in it. @param {EmojiView} emoji @param {string} asked */
function rankOf({ words, name }, asked) {
  const inName = ` ${folded(name)} `;
  const all = ` ${folded(words)} `;
  const ranks = [
    inName === ` ${asked} `,
    inName.includes(` ${asked} `),
    all.includes(` ${asked} `),
    inName.includes(` ${asked}`),
    all.includes(` ${asked}`),
    asked.length > 1 && all.includes(asked),
  ];
  const best = ranks.indexOf(true);
  return best === -1 ? 0 : ranks.length - best;
}

/** @returns {Promise<EmojiGroupView[]>} */
async function load() {
  const answer = await fetch('/api/emoji', { headers: { Accept: 'application/json' } });
  if (!answer.ok) {
    throw new Error(`/api/emoji: ${answer.status}`);
  }
  return (await answer.json()).groups;
}

/** @param {Pick<Storage, 'getItem'>} storage @param {string} key */
function read(storage, key) {
  try {
    return storage.getItem(key);
  } catch {
    return null;
  }
}

/** @param {Pick<Storage, 'setItem'>} storage @param {string} key @param {string} value */
function write(storage, key, value) {
  try {
    storage.setItem(key, value);
  } catch {
    // Storage is full or switched off: then it is not remembered.
  }
}
