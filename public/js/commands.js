/**
 * The slash commands: what there are, and what each asks of the HTTP API. Pure: who may do what, the server decides.
 *
 * @import { AnnouncementStyle } from '../../src/protocol/frames.js'
 * @import { Role } from '../../src/protocol/views.js'
 * @import { Somebody } from './command-args.js'
 * @import { Message } from './entries.js'
 * @import { Verb } from './command-waiting.js'
 * @import { Translate } from './strings.js'
 */

import { styleNamed } from './announcements.js';
import { AI_WATCHES } from './modes.js';
import {
  readSwitch,
  takePerson,
  takeQuoted,
  takeReason,
  takeRemoval,
  takeSpan,
  takeTerm,
} from './command-args.js';

/** @typedef {'everybody' | 'staff' | 'admin'} Who */

/**
 * The page as a command finds it.
 * @typedef {object} Place
 * @property {string} slug
 * @property {Role} role the viewer's, in this room
 * @property {readonly { id: string, nickname: string }[]} people whose words are on the page
 * @property {readonly Message[]} messages ascending
 * @property {string | null} poll the id of the open poll
 * @property {number | null} replyTo the message that is being answered
 */

/**
 * What is to be done, or why not.
 * @typedef {{ fault: string, params?: Record<string, string | number> }} Fault
 * @typedef {{ do: 'request', method: string, path: string, body: Record<string, unknown>, done: string, params: Record<string, string | number> }} Request
 * @typedef {{ do: 'say', text: string, kind?: 'admin', style?: AnnouncementStyle, pin?: { seconds?: number } }} Say
 * @typedef {{ do: 'clear', reason: string }} Clear
 * @typedef {{ do: 'help' }} Help
 * @typedef {{ do: 'rules' | 'timers' }} Shown what is shown then
 * @typedef {{ do: 'card', who: string }} Card
 * @typedef {{ do: 'settle', verb: Verb, who: Somebody, words: string, done: string }} Settle
 * @typedef {{ do: 'unblock', text: string }} Unblock
 * @typedef {{ do: 'ignore' | 'unignore', who: Somebody }} Ignore for oneself alone
 * @typedef {Request | Say | Clear | Help | Shown | Card | Settle | Unblock | Ignore} Deed
 */

/**
 * @typedef {object} Command
 * @property {string} name
 * @property {true} [bare] it takes no arguments
 * @property {Who} who who may; others need not be offered it
 * @property {(args: string, place: Place) => Deed | Fault} read
 */

const LONGEST_TIMEOUT_S = 14 * 86_400;
const DEFAULT_TIMEOUT_S = 300;
const DEFAULT_POLL_S = 60;
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

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
function timeout(args, place) {
  const { who, rest } = takePerson(args, place.people);
  if (!who) {
    return usage('timeout');
  }
  const { seconds, rest: more } = takeSpan(rest);
  if (seconds !== null && (seconds < 10 || seconds > LONGEST_TIMEOUT_S)) {
    return { fault: 'command.span' };
  }
  const body = {
    user: who.user,
    action: 'timeout',
    seconds: seconds ?? DEFAULT_TIMEOUT_S,
    ...removalBecause(more),
  };
  return inRoom(place, 'POST', 'sanctions', body, 'timeout', { name: who.name });
}

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
function card(args, place) {
  const { who, rest } = takePerson(args, place.people);
  return who && rest === '' ? { do: 'card', who: who.user } : usage('card');
}

/** Somebody whose words are on the page. @param {string} args @param {Place} place @returns {Deed | Fault} */
function ignore(args, place) {
  const { who, rest } = takePerson(args, place.people);
  if (!who || rest !== '') {
    return usage('ignore');
  }
  return place.people.some(({ id }) => id === who.user)
    ? { do: 'ignore', who }
    : { fault: 'command.no-message', params: { name: who.name } };
}

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
function unignore(args, place) {
  const { who, rest } = takePerson(args, place.people);
  return who && rest === '' ? { do: 'unignore', who } : usage('unignore');
}

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
function note(args, place) {
  const { who, rest } = takePerson(args, place.people);
  if (!who || rest === '') {
    return usage('note');
  }
  const path = `people/${encodeURIComponent(who.user)}/notes`;
  return inRoom(place, 'POST', path, { text: rest }, 'noted', { name: who.name });
}

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
function warn(args, place) {
  const { who, rest } = takePerson(args, place.people);
  return who && rest !== ''
    ? inRoom(place, 'POST', 'warnings', { user: who.user, reason: rest }, 'warned', { name: who.name })
    : usage('warn');
}

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
function ban(args, place) {
  const { who, rest } = takePerson(args, place.people);
  return who
    ? inRoom(place, 'POST', 'sanctions', { user: who.user, action: 'ban', ...removalBecause(rest) }, 'ban', {
        name: who.name,
      })
    : usage('ban');
}

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
function hide(args, place) {
  const { who, rest } = takePerson(args, place.people);
  return who
    ? inRoom(place, 'POST', 'sanctions', { user: who.user, action: 'hide', ...because(rest) }, 'hidden', {
        name: who.name,
      })
    : usage('hide');
}

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
function serverBan(args, place) {
  const { who, rest } = takePerson(args, place.people);
  if (!who) {
    return usage('serverban');
  }
  const [, address, more = ''] = /^(address|주소)?\s*([\s\S]*)$/iu.exec(rest) ?? [];
  const body = { user: who.user, action: 'ban', ...(address && { address: true }), ...removalBecause(more) };
  return onServer('POST', '', body, 'ban', who.name);
}

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
function serverUnban(args, place) {
  const { who, rest } = takePerson(args, place.people);
  return who && rest === ''
    ? onServer('DELETE', `?${new URLSearchParams({ user: who.user, action: 'ban' })}`, {}, 'lifted', who.name)
    : usage('serverunban');
}

/** @param {string} method @param {string} query @param {Record<string, unknown>} body @param {string} done @param {string} name @returns {Request} */
function onServer(method, query, body, done, name) {
  return {
    do: 'request',
    method,
    path: `/api/sanctions${query}`,
    body,
    done: `command.done-${done}`,
    params: { name },
  };
}

/** @param {'timeout' | 'ban' | 'hide'} action @param {string} args @param {Place} place @returns {Deed | Fault} */
function lift(action, args, place) {
  const { who, rest } = takePerson(args, place.people);
  if (!who || rest !== '') {
    return usage(`un${action}`);
  }
  const query = new URLSearchParams({ user: who.user, action });
  return inRoom(place, 'DELETE', `sanctions?${query}`, {}, action === 'hide' ? 'unhidden' : 'lifted', {
    name: who.name,
  });
}

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
function remove(args, place) {
  return onMessage(
    'remove',
    args,
    place,
    ({ removed }) => removed === null,
    (target, reason) => inRoom(place, 'DELETE', `messages/${target}`, because(reason), 'removed'),
  );
}

/** The message that is being answered, or what was removed of somebody last. @param {string} args @param {Place} place @returns {Deed | Fault} */
function restore(args, place) {
  if (place.replyTo !== null) {
    return inRoom(place, 'POST', `messages/${place.replyTo}/restore`, because(args), 'restored');
  }
  const { who, rest } = takePerson(args, place.people);
  return who
    ? inRoom(place, 'POST', `people/${encodeURIComponent(who.user)}/restore`, because(rest), 'restored')
    : usage('restore');
}

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
function report(args, place) {
  return onMessage(
    'report',
    args,
    place,
    ({ removed }) => removed === null,
    (target, rest) => {
      const { reason, rest: words } = takeReason(rest);
      const body = { reason, ...(words !== '' && { words }) };
      return inRoom(place, 'POST', `messages/${target}/report`, body, 'reported');
    },
  );
}

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
function dismiss(args, place) {
  return onMessage(
    'dismiss',
    args,
    place,
    ({ removed }) => removed === null,
    (target, reason) =>
      inRoom(place, 'POST', `reports/${target}/dismiss`, because(reason), 'reports-dismissed'),
  );
}

/**
 * The message that is being answered, or else the newest of somebody's that fits.
 * @param {string} name
 * @param {string} args
 * @param {Place} place
 * @param {(message: Message) => boolean} fits
 * @param {(target: number, reason: string) => Deed} deed
 * @returns {Deed | Fault}
 */
function onMessage(name, args, place, fits, deed) {
  if (place.replyTo !== null) {
    return deed(place.replyTo, args);
  }
  const { who, rest } = takePerson(args, place.people);
  if (!who) {
    return usage(name);
  }
  const newest = place.messages.findLast((message) => message.author?.id === who.user && fits(message));
  return newest ? deed(newest.seq, rest) : { fault: 'command.no-message', params: { name: who.name } };
}

/** Everybody reads them; staff write them. @param {string} args @param {Place} place @returns {Deed | Fault} */
function rules(args, place) {
  if (args === '') {
    return { do: 'rules' };
  }
  return place.role === 'user'
    ? { fault: 'command.forbidden', params: { name: 'rules' } }
    : roomText('rules', args, place);
}

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
function live(args, place) {
  return args.length > 100
    ? usage('live')
    : inRoom(place, 'POST', 'sessions', args === '' ? {} : { title: args }, 'live');
}

/** A room as people name it: its slug, or its address in the site. @param {string} args @param {Place} place @returns {Deed | Fault} */
function raid(args, place) {
  if (/^(?:stop|멈춤|멈추기)$/iu.test(args)) {
    return inRoom(place, 'DELETE', 'raid', {}, 'raid-stop');
  }
  const [, to = '', more = ''] = /^(?:\/?(?:chat|streaming)\/)?([^\s/]+)\s*(.*)$/su.exec(args) ?? [];
  const { seconds, rest } = takeSpan(more);
  if (to === '' || rest !== '') {
    return usage('raid');
  }
  if (seconds !== null && (seconds < 10 || seconds > 60)) {
    return { fault: 'command.raid-span' };
  }
  return inRoom(place, 'POST', 'raid', { to, ...(seconds !== null && { seconds }) }, 'raid');
}

/**
 * Adds one, or switches one, by its number, on or off, or takes it away.
 * @param {string} args
 * @param {Place} place
 * @returns {Deed | Fault}
 */
function timer(args, place) {
  if (args === '') {
    return { do: 'timers' };
  }
  const [, verb = '', number = ''] = /^(\S+)\s+(10|[1-9])$/.exec(args) ?? [];
  const on = verb === '' ? null : readSwitch(verb);
  if (on !== null) {
    return inRoom(place, 'PATCH', `timers/${number}`, { enabled: on }, 'timer');
  }
  if (['remove', '삭제'].includes(verb.toLowerCase())) {
    return inRoom(place, 'DELETE', `timers/${number}`, {}, 'timer');
  }
  const { seconds, rest } = takeSpan(args);
  if (seconds === null || rest === '') {
    return usage('timer');
  }
  if (seconds < 300 || seconds > 7200 || seconds % 60 !== 0) {
    return { fault: 'command.timer-span' };
  }
  return inRoom(place, 'POST', 'timers', { text: rest, minutes: seconds / 60 }, 'timer');
}

/**
 * A text that the room has, or `off` for none.
 * @param {'welcome' | 'rules'} name
 * @param {string} args
 * @param {Place} place
 * @returns {Deed | Fault}
 */
function roomText(name, args, place) {
  if (args === '') {
    return usage(name);
  }
  const text = readSwitch(args) === false ? '' : args;
  return inRoom(place, 'PATCH', '', { settings: { [name]: text } }, 'room-text');
}

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
function pin(args, place) {
  const { seconds, rest } = takeSpan(args);
  if (seconds !== null && (seconds < 30 || seconds > 1800)) {
    return { fault: 'command.pin-span' };
  }
  const time = seconds === null ? {} : { seconds };
  if (rest !== '') {
    return { do: 'say', text: rest, pin: time };
  }
  return place.replyTo === null
    ? usage('pin')
    : inRoom(place, 'PUT', 'pin', { target: place.replyTo, ...time }, 'pinned');
}

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
function poll(args, place) {
  const { texts, rest } = takeQuoted(args);
  const [question = '', ...choices] = texts;
  const { seconds, rest: more } = takeSpan(rest);
  if (question === '' || more !== '') {
    return usage('poll');
  }
  if (choices.length < 2 || choices.length > 5 || choices.includes('')) {
    return { fault: 'command.poll-choices' };
  }
  if (seconds !== null && (seconds < 15 || seconds > 1800)) {
    return { fault: 'command.poll-span' };
  }
  return inRoom(place, 'POST', 'polls', { question, choices, seconds: seconds ?? DEFAULT_POLL_S }, 'poll');
}

/** @param {string} text @param {Place} place @returns {Deed | Fault} */
function ask(text, place) {
  return text === '' ? usage('ask') : inRoom(place, 'POST', 'questions', { text }, 'ask');
}

/**
 * Decides about what somebody asked, or what of theirs waits for review: which that is, is known when it is run.
 * @param {string} name
 * @param {Verb} verb
 * @param {string} args
 * @param {Place} place
 * @returns {Deed | Fault}
 */
function settle(name, verb, args, place) {
  const { who, rest: words } = takePerson(args, place.people);
  return who ? { do: 'settle', verb, who, words, done: `command.done-${name}` } : usage(name);
}

/** @param {string} _args @param {Place} place @returns {Deed | Fault} */
function endPoll(_args, place) {
  return place.poll === null
    ? { fault: 'command.poll-none' }
    : inRoom(place, 'POST', `polls/${place.poll}/end`, {}, 'endpoll');
}

/**
 * A mode that is a time, or off.
 * @param {string} name
 * @param {string} setting
 * @param {readonly [number, number]} range in seconds
 * @param {string} args
 * @param {Place} place
 * @returns {Deed | Fault}
 */
function spanMode(name, setting, [least, most], args, place) {
  const { seconds, rest } = takeSpan(args);
  const wanted = readSwitch(args) === false ? 0 : seconds;
  if (wanted === null || (wanted !== 0 && (rest !== '' || wanted < least || wanted > most))) {
    return usage(name);
  }
  return inRoom(place, 'PATCH', '', { settings: { [setting]: wanted } }, 'mode');
}

/** The longest message, in graphemes. @param {string} args @param {Place} place @returns {Deed | Fault} */
function length(args, place) {
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
function mode(setting, args, place, forbids = false) {
  const on = readSwitch(args);
  if (on === null || (forbids && args === '')) {
    return { fault: 'command.on-off' };
  }
  return inRoom(place, 'PATCH', '', { settings: { [setting]: on !== forbids } }, 'mode');
}

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
function block(args, place) {
  const term = takeTerm(args);
  return term.text === ''
    ? usage('block')
    : inRoom(place, 'POST', 'terms', { terms: [term] }, 'blocked', { text: term.text });
}

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
function aiWatch(args, place) {
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

/** @param {string} args @returns {Deed | Fault} */
function announce(args) {
  const [first = ''] = args.split(/\s/, 1);
  const style = styleNamed(first);
  const text = style ? args.slice(first.length).trim() : args;
  return text === '' ? usage('announce') : { do: 'say', text, kind: 'admin', style: style ?? 'info' };
}

/** @param {'PUT' | 'DELETE'} method @param {string} args @param {Place} place @returns {Deed | Fault} */
function appoint(method, args, place) {
  const { who, rest } = takePerson(args, place.people);
  const gives = method === 'PUT';
  if (!who || rest !== '') {
    return usage(gives ? 'mod' : 'unmod');
  }
  const path = `moderators/${encodeURIComponent(who.user)}`;
  return inRoom(place, method, path, {}, gives ? 'appointed' : 'dismissed', { name: who.name });
}

/**
 * @param {Place} place
 * @param {string} method
 * @param {string} path below the room
 * @param {Record<string, unknown>} body
 * @param {string} done what is said afterwards
 * @param {Record<string, string>} [params]
 * @returns {Request}
 */
function inRoom({ slug }, method, path, body, done, params = {}) {
  const room = `/api/rooms/${encodeURIComponent(slug)}`;
  return {
    do: 'request',
    method,
    path: path === '' ? room : `${room}/${path}`,
    body,
    done: `command.done-${done}`,
    params,
  };
}

/** @param {string} name @returns {Fault} */
function usage(name) {
  return { fault: 'command.usage', params: { name } };
}

/** @param {string} reason */
function because(reason) {
  return reason === '' ? {} : { reason };
}

/** That what they wrote goes, if the arguments begin so, and why. @param {string} args */
function removalBecause(args) {
  const { removes, rest } = takeRemoval(args);
  return { ...(removes && { removeMessages: true }), ...because(rest) };
}
