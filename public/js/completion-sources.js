/**
 * What can be completed in the box of a room.
 *
 * @import { Choice, Source } from './completion.js'
 * @import { EmojiStore } from './emoji-store.js'
 * @import { Emotes } from './inline-marks.js'
 */

import { folded } from './folding.js';

/** So many emotes leave room for emojis. */
const MOST_EMOTES = 4;
/** Two letters of an emoji's name: one would stop every `:)`. */
const EMOJI = /(?:^|\s):([\p{L}\p{N}_-]{2,20})$/u;
const MENTION = /(?:^|[\s(])@([^\s@]{0,20})$/u;
const COMMAND = /^\/([\p{L}\p{N}-]*)$/u;

/**
 * Names, those who spoke last first.
 * @param {(query: string) => readonly string[] | Promise<readonly string[]>} people
 * @returns {Source}
 */
export function mentionSource(people) {
  return {
    begins: MENTION,
    sign: '@',
    find: async (query) => {
      const asked = folded(query);
      const names = [...new Set(await people(query))];
      const starting = names.filter((name) => folded(name).startsWith(asked));
      const holding = names.filter((name) => !starting.includes(name) && folded(name).includes(asked));
      return [...starting, ...holding].map((name) => ({ label: name, insert: `@${name} ` }));
    },
  };
}

/**
 * Emotes of the room by their names, and emojis.
 * @param {Pick<EmojiStore, 'find'>} store
 * @param {() => Emotes} emotes
 * @returns {Source}
 */
export function emojiSource(store, emotes) {
  return {
    begins: EMOJI,
    sign: ':',
    find: async (query) => {
      const emojis = await store.find(query.replaceAll('_', ' '));
      return [
        ...emotesCalled(query, emotes())
          .slice(0, MOST_EMOTES)
          .map((emote) => ({ label: `:${emote.name}:`, emote, insert: `:${emote.name}: ` })),
        ...emojis.map(({ text, name }) => ({ label: text, detail: name, insert: `${text} ` })),
      ];
    },
  };
}

/** Those whose name begins so, then those with it elsewhere. @param {string} query @param {Emotes} emotes */
export function emotesCalled(query, emotes) {
  const asked = folded(query);
  const called = [...emotes.values()].filter(({ name }) => name.includes(asked));
  return [
    ...called.filter(({ name }) => name.startsWith(asked)),
    ...called.filter(({ name }) => !name.startsWith(asked)),
  ];
}

/**
 * What staff can type instead of pressing, while it is all that stands in the box.
 * @param {() => Promise<readonly { name: string, detail: string }[]>} commands
 * @returns {Source}
 */
export function commandSource(commands) {
  return {
    begins: COMMAND,
    sign: '/',
    find: async (query) =>
      (await commands())
        .filter(({ name }) => folded(name).startsWith(folded(query)))
        .map(({ name, detail }) => ({ label: `/${name}`, detail, insert: `/${name} ` })),
  };
}
