/**
 * The slash commands: what there are, and what each asks of the HTTP API. Pure: who may do what, the server decides.
 *
 * @import { Role } from '../../src/protocol/views.js'
 * @import { Deed, Fault, Place } from './command-deeds.js'
 * @import { Translate } from './strings.js'
 */

import { inRoom, usage } from './command-deeds.js';
import {
  appoint,
  ban,
  card,
  hide,
  ignore,
  lift,
  note,
  serverBan,
  serverUnban,
  settle,
  timeout,
  unignore,
  warn,
} from './people-commands.js';
import { dismiss, pin, remove, report, restore } from './message-commands.js';
import { aiWatch, block, length, mode, spanMode } from './mode-commands.js';
import { announce, ask, endPoll, live, poll, raid, roomText, rules, timer } from './room-commands.js';

/** @typedef {'everybody' | 'staff' | 'admin'} Who */

/**
 * @typedef {object} Command
 * @property {string} name
 * @property {true} [bare] it takes no arguments
 * @property {Who} who who may; others need not be offered it
 * @property {(args: string, place: Place) => Deed | Fault} read
 */

/** Every command, as the help lists them. @type {readonly Command[]} */
export const COMMANDS = [
  { name: 'help', bare: true, who: 'everybody', read: () => ({ do: 'help' }) },
  { name: 'card', who: 'everybody', read: card },
  { name: 'report', who: 'everybody', read: report },
  { name: 'ignore', who: 'everybody', read: ignore },
  { name: 'unignore', who: 'everybody', read: unignore },
  { name: 'rules', who: 'everybody', read: rules },
  { name: 'welcome', who: 'staff', read: (args, place) => roomText('welcome', args, place) },
  { name: 'ask', who: 'everybody', read: ask },
  { name: 'answered', who: 'staff', read: (args, place) => settle('answered', 'answer', args, place) },
  { name: 'unask', who: 'staff', read: (args, place) => settle('unask', 'remove', args, place) },
  { name: 'approve', who: 'staff', read: (args, place) => settle('approve', 'approve', args, place) },
  { name: 'deny', who: 'staff', read: (args, place) => settle('deny', 'deny', args, place) },
  { name: 'dismiss', who: 'staff', read: dismiss },
  { name: 'note', who: 'staff', read: note },
  { name: 'warn', who: 'staff', read: warn },
  { name: 'timeout', who: 'staff', read: timeout },
  { name: 'untimeout', who: 'staff', read: (args, place) => lift('timeout', args, place) },
  { name: 'ban', who: 'staff', read: ban },
  { name: 'unban', who: 'staff', read: (args, place) => lift('ban', args, place) },
  { name: 'hide', who: 'staff', read: hide },
  { name: 'unhide', who: 'staff', read: (args, place) => lift('hide', args, place) },
  { name: 'remove', who: 'staff', read: remove },
  { name: 'restore', who: 'staff', read: restore },
  { name: 'pin', who: 'staff', read: pin },
  {
    name: 'unpin',
    bare: true,
    who: 'staff',
    read: (_args, place) => inRoom(place, 'DELETE', 'pin', {}, 'unpinned'),
  },
  { name: 'poll', who: 'staff', read: poll },
  { name: 'endpoll', bare: true, who: 'staff', read: endPoll },
  { name: 'slow', who: 'staff', read: (args, place) => spanMode('slow', 'slowMode', [3, 300], args, place) },
  { name: 'delay', who: 'staff', read: (args, place) => spanMode('delay', 'delay', [1, 60], args, place) },
  {
    name: 'established',
    who: 'staff',
    read: (args, place) => spanMode('established', 'established', [60, 90 * 86_400], args, place),
  },
  { name: 'length', who: 'staff', read: length },
  { name: 'hostsonly', who: 'staff', read: (args, place) => mode('hostsOnly', args, place) },
  { name: 'emojionly', who: 'staff', read: (args, place) => mode('emojiOnly', args, place) },
  { name: 'guests', who: 'staff', read: (args, place) => mode('guests', args, place) },
  { name: 'questions', who: 'staff', read: (args, place) => mode('questions', args, place) },
  { name: 'reactions', who: 'staff', read: (args, place) => mode('reactions', args, place) },
  { name: 'links', who: 'staff', read: (args, place) => mode('noLinks', args, place, true) },
  { name: 'block', who: 'staff', read: block },
  {
    name: 'unblock',
    who: 'staff',
    read: (text) => (text === '' ? usage('unblock') : { do: 'unblock', text }),
  },
  { name: 'duplicates', who: 'staff', read: (args, place) => mode('noDuplicates', args, place, true) },
  { name: 'hold', who: 'staff', read: (args, place) => mode('hold', args, place) },
  { name: 'aiwatch', who: 'staff', read: aiWatch },
  { name: 'shield', who: 'staff', read: (args, place) => mode('shield', args, place) },
  { name: 'live', who: 'staff', read: live },
  {
    name: 'end',
    bare: true,
    who: 'staff',
    read: (_args, place) => inRoom(place, 'POST', 'sessions/end', {}, 'ended'),
  },
  { name: 'raid', who: 'staff', read: raid },
  { name: 'timer', who: 'staff', read: timer },
  { name: 'clear', who: 'staff', read: (args) => ({ do: 'clear', reason: args }) },
  { name: 'announce', who: 'admin', read: announce },
  { name: 'serverban', who: 'admin', read: serverBan },
  { name: 'serverunban', who: 'admin', read: serverUnban },
  { name: 'mod', who: 'admin', read: (args, place) => appoint('PUT', args, place) },
  { name: 'unmod', who: 'admin', read: (args, place) => appoint('DELETE', args, place) },
];

/** The commands that somebody of this rank is offered. @param {Role} role */
export function commandsFor(role) {
  return COMMANDS.filter(({ who }) => mayUse(who, role));
}

/**
 * What a text in the box is: words to say, a command to run, or one that was not written right.
 * @param {string} text
 * @param {Place} place
 * @returns {Deed | Fault | null} null: it is no command. `//words` says `/words`
 */
export function readCommand(text, place) {
  const trimmed = text.trim();
  if (!trimmed.startsWith('/')) {
    return null;
  }
  if (trimmed.startsWith('//')) {
    return { do: 'say', text: trimmed.slice(1) };
  }
  const [, word = '', args = ''] = /^\/(\S*)\s*([\s\S]*)$/u.exec(trimmed) ?? [];
  const command = COMMANDS.find(({ name }) => name === word.toLowerCase());
  if (!command) {
    return { fault: 'command.unknown', params: { name: word } };
  }
  if (!mayUse(command.who, place.role)) {
    return { fault: 'command.forbidden', params: { name: command.name } };
  }
  return command.bare && args.trim() !== '' ? { fault: 'command.no-args' } : command.read(args.trim(), place);
}

/**
 * A command as people read about it: its arguments, and what it does in a sentence.
 * @param {Command} command
 * @param {Translate} t
 */
export function describeCommand({ name, bare }, t) {
  return { args: bare ? '' : t(`command.${name}-args`), about: t(`command.${name}`) };
}

/** @param {Who} who @param {Role} role */
function mayUse(who, role) {
  return who === 'everybody' || role === 'admin' || (who === 'staff' && role === 'moderator');
}
