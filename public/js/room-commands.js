/**
 * Commands about what goes on in the room: sessions, polls, questions, raids, timers and its texts.
 *
 * @import { Deed, Fault, Place } from './command-deeds.js'
 */

import { styleNamed } from './announcements.js';
import { readSwitch, takeQuoted, takeSpan } from './command-args.js';
import { inRoom, usage } from './command-deeds.js';

const DEFAULT_POLL_S = 60;

/** Everybody reads them; staff write them. @param {string} args @param {Place} place @returns {Deed | Fault} */
export function rules(args, place) {
  if (args === '') {
    return { do: 'rules' };
  }
  return place.role === 'user'
    ? { fault: 'command.forbidden', params: { name: 'rules' } }
    : roomText('rules', args, place);
}

/**
 * A text that the room has, or `off` for none.
 * @param {'welcome' | 'rules'} name
 * @param {string} args
 * @param {Place} place
 * @returns {Deed | Fault}
 */
export function roomText(name, args, place) {
  if (args === '') {
    return usage(name);
  }
  const text = readSwitch(args) === false ? '' : args;
  return inRoom(place, 'PATCH', '', { settings: { [name]: text } }, 'room-text');
}

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
export function live(args, place) {
  return args.length > 100
    ? usage('live')
    : inRoom(place, 'POST', 'sessions', args === '' ? {} : { title: args }, 'live');
}

/** A room as people name it: its slug, or its address in the site. @param {string} args @param {Place} place @returns {Deed | Fault} */
export function raid(args, place) {
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
export function timer(args, place) {
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

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
export function poll(args, place) {
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

/** @param {string} _args @param {Place} place @returns {Deed | Fault} */
export function endPoll(_args, place) {
  return place.poll === null
    ? { fault: 'command.poll-none' }
    : inRoom(place, 'POST', `polls/${place.poll}/end`, {}, 'endpoll');
}

/** @param {string} text @param {Place} place @returns {Deed | Fault} */
export function ask(text, place) {
  return text === '' ? usage('ask') : inRoom(place, 'POST', 'questions', { text }, 'ask');
}

/** @param {string} args @returns {Deed | Fault} */
export function announce(args) {
  const [first = ''] = args.split(/\s/, 1);
  const style = styleNamed(first);
  const text = style ? args.slice(first.length).trim() : args;
  return text === '' ? usage('announce') : { do: 'say', text, kind: 'admin', style: style ?? 'info' };
}
