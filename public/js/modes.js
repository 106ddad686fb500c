/**
 * The modes of a room: what they are called, and the pills that show which are on.
 *
 * @import { RoomSettings } from '../../src/protocol/views.js'
 * @import { Translate } from './strings.js'
 */

import { el } from './dom.js';
import { spanText } from './spans.js';

/** Those that are on or off, and what each is called. */
export const FLAGS = /** @type {const} */ ([
  ['hostsOnly', 'mode.hosts-only'],
  ['noLinks', 'mode.no-links'],
  ['noDuplicates', 'mode.no-duplicates'],
  ['emojiOnly', 'mode.emoji-only'],
  ['guests', 'mode.guests'],
  ['hold', 'mode.hold'],
]);

/** What else staff switch beside them: it keeps nobody from anything, and no pill tells of it. */
export const SWITCHES = /** @type {const} */ ([
  ['reactions', 'mode.reactions'],
  ['questions', 'mode.questions'],
]);

/** How a model may look at what people say. */
export const AI_WATCHES = /** @type {const} */ (['off', 'flag', 'hold']);

/** The modes that are on, in words. @param {RoomSettings} settings @param {Translate} t @param {string} locale */
export function modesOn(settings, t, locale) {
  const { slowMode, established, delay } = settings;
  return [
    ...(settings.shield ? [t('mode.shield')] : []),
    ...(slowMode > 0 ? [t('mode.slow', { time: spanText(slowMode, locale) })] : []),
    ...(delay > 0 ? [t('mode.delay', { time: spanText(delay, locale) })] : []),
    ...FLAGS.flatMap(([name, key]) => (settings[name] ? [t(key)] : [])),
    ...(settings.aiWatch === 'off' ? [] : [t('mode.ai-watch')]),
    ...(established > 0 ? [t('mode.established', { time: spanText(established, locale) })] : []),
  ];
}

/** @param {HTMLElement} list @param {string[]} modes */
export function drawModes(list, modes) {
  const shown = modes.join('\n');
  if (list.dataset['shown'] !== shown) {
    list.dataset['shown'] = shown;
    list.replaceChildren(...modes.map((mode) => el('li', { class: 'pill' }, mode)));
    list.hidden = modes.length === 0;
    reach(list);
  }
}

/** In a low panel the modes are one line that scrolls: then the keyboard has to come there. @param {HTMLElement} list */
export function keepInReach(list) {
  new ResizeObserver(() => reach(list)).observe(list);
}

/** @param {HTMLElement} list */
function reach(list) {
  if (list.scrollWidth > list.clientWidth) {
    list.tabIndex = 0;
  } else {
    list.removeAttribute('tabindex');
  }
}
