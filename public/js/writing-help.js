/**
 * What helps somebody write in a room: completion of names, emojis and commands, and the emoji picker.
 *
 * @import { UserView } from '../../src/protocol/views.js'
 * @import { Composer } from './composer.js'
 * @import { EmojiStore } from './emoji-store.js'
 * @import { RoomView } from './room-view.js'
 */

import { get } from './api.js';
import { Completion } from './completion.js';
import { commandSource, emojiSource, mentionSource } from './completion-sources.js';
import { findSlot } from './dom.js';
import { folded } from './folding.js';
import { messagesIn } from './reducer.js';
import { toast } from './toast.js';

/** Who is here is asked anew after this long. */
const FRESH_MS = 30_000;

/**
 * Commands and emojis are fetched by who begins to write one.
 * @param {Composer} composer
 * @param {RoomView} view
 * @param {() => Promise<typeof import('./commands.js')>} fetchCommands
 */
export function assistWriting({ form, input }, view, fetchCommands) {
  const { t } = view;
  /** @type {EmojiStore | null} */
  let emojis = null;
  const fetchEmojis = async () => {
    const { EmojiStore } = await import('./emoji-store.js');
    emojis ??= new EmojiStore(localStorage);
    return emojis;
  };
  const find = async (/** @type {string} */ query) =>
    (await fetchEmojis().catch(() => null))?.find(query) ?? [];
  const commands = async () => {
    const known = await fetchCommands().catch(() => null);
    return (known?.commandsFor(view.member?.role ?? 'user') ?? []).map((command) => {
      const { args, about } = known?.describeCommand(command, t) ?? { args: '', about: '' };
      return { name: command.name, detail: `${args} ${about}`.trim() };
    });
  };
  new Completion(
    input,
    [
      commandSource(commands),
      mentionSource(peopleOf(view)),
      emojiSource({ find }, () => view.room.log.emotes),
    ],
    t('composer.suggestions'),
  ).attach();
  const button = findSlot(form, 'emoji', HTMLButtonElement);
  button?.toggleAttribute('disabled', false);
  button?.addEventListener('click', () => {
    Promise.all([import('./emoji-picker.js'), fetchEmojis()]).then(
      ([{ openEmojiPicker }, store]) => openEmojiPicker(button, input, store, view.room.log.emotes, t),
      () => toast(t('emoji.failed')),
    );
  });
}

/**
 * Who has spoken, the last one first, and the AI; only where none of them is meant is the server asked who else is here.
 * @param {RoomView} view
 * @returns {(query: string) => Promise<string[]>}
 */
function peopleOf(view) {
  /** @type {Promise<string[]> | null} */
  let others = null;
  let askedAt = -Infinity;
  return async (query) => {
    const names = speakersIn(view);
    if (names.some((name) => folded(name).includes(folded(query)))) {
      return names;
    }
    if (others === null || performance.now() - askedAt > FRESH_MS) {
      askedAt = performance.now();
      others = othersIn(view);
    }
    return [...names, ...(await others)];
  };
}

/** @param {RoomView} view @returns {Promise<string[]>} */
async function othersIn({ slug, t, viewer }) {
  /** @type {{ answer: { people: UserView[] } | null }} */
  const { answer } = await get(`/api/rooms/${encodeURIComponent(slug)}/people`, t);
  const others = answer?.people.filter(({ id }) => id !== viewer?.id) ?? [];
  return others.map(({ nickname }) => nickname);
}

/** @param {RoomView} view */
function speakersIn({ room, viewer, ai }) {
  const names = messagesIn(room.log)
    .toReversed()
    .flatMap(({ author }) =>
      author && author.role !== 'ai' && author.id !== viewer?.id ? [author.nickname] : [],
    );
  return ai ? [...names, ai] : names;
}
