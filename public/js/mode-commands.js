/**
 * Commands that change how the room works: its modes and its terms.
 *
 * @import { Deed, Fault, Place } from './command-deeds.js'
 */

import { readSwitch, takeSpan, takeTerm } from './command-args.js';
import { inRoom, usage } from './command-deeds.js';
import { AI_WATCHES } from './modes.js';

/**
 * A mode that is a time, or off.
 * @param {string} name
 * @param {string} setting
 * @param {readonly [number, number]} range in seconds
 * @param {string} args
 * @param {Place} place
 * @returns {Deed | Fault}
 */
export function spanMode(name, setting, [least, most], args, place) {
  const { seconds, rest } = takeSpan(args);
  const wanted = readSwitch(args) === false ? 0 : seconds;
  if (wanted === null || (wanted !== 0 && (rest !== '' || wanted < least || wanted > most))) {
    return usage(name);
  }
  return inRoom(place, 'PATCH', '', { settings: { [setting]: wanted } }, 'mode');
}

/** The longest message, in graphemes. @param {string} args @param {Place} place @returns {Deed | Fault} */
export function length(args, place) {
  const textLimit = /^\d{1,3}$/.test(args) ? Number(args) : 0;
  return textLimit < 1 || textLimit > 500
    ? usage('length')
    : inRoom(place, 'PATCH', '', { settings: { textLimit } }, 'mode');
}

/**
 * @param {string} setting
 * @param {string} args
 * @param {Place} place
 * @param {boolean} [forbids] switching it on means that the setting is off
 * @returns {Deed | Fault}
 */
export function mode(setting, args, place, forbids = false) {
  const on = readSwitch(args);
  if (on === null || (forbids && args === '')) {
    return { fault: 'command.on-off' };
  }
  return inRoom(place, 'PATCH', '', { settings: { [setting]: on !== forbids } }, 'mode');
}

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
export function aiWatch(args, place) {
  const [, way, percent] = /^(\S+)(?:\s+(\d{1,3})\s*%?)?$/u.exec(args) ?? [];
  const aiWatch =
    readSwitch(way ?? '') === false ? 'off' : AI_WATCHES.find((known) => known === way?.toLowerCase());
  const above = Number(percent ?? 80);
  if (!aiWatch || way === '' || above < 1 || above > 100) {
    return usage('aiwatch');
  }
  const settings = { aiWatch, ...(percent !== undefined && { aiWatchAbove: above }) };
  return inRoom(place, 'PATCH', '', { settings }, 'mode');
}

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
export function block(args, place) {
  const term = takeTerm(args);
  return term.text === ''
    ? usage('block')
    : inRoom(place, 'POST', 'terms', { terms: [term] }, 'blocked', { text: term.text });
}
