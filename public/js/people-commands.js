/**
 * Commands about a person: who they are, and what staff decide about them.
 *
 * @import { Deed, Fault, Place, Request } from './command-deeds.js'
 * @import { Verb } from './command-waiting.js'
 */

import { takePerson, takeSpan } from './command-args.js';
import { because, inRoom, removalBecause, usage } from './command-deeds.js';

const LONGEST_TIMEOUT_S = 14 * 86_400;
const DEFAULT_TIMEOUT_S = 300;

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
export function card(args, place) {
  const { who, rest } = takePerson(args, place.people);
  return who && rest === '' ? { do: 'card', who: who.user } : usage('card');
}

/** Somebody whose words are on the page. @param {string} args @param {Place} place @returns {Deed | Fault} */
export function ignore(args, place) {
  const { who, rest } = takePerson(args, place.people);
  if (!who || rest !== '') {
    return usage('ignore');
  }
  return place.people.some(({ id }) => id === who.user)
    ? { do: 'ignore', who }
    : { fault: 'command.no-message', params: { name: who.name } };
}

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
export function unignore(args, place) {
  const { who, rest } = takePerson(args, place.people);
  return who && rest === '' ? { do: 'unignore', who } : usage('unignore');
}

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
export function note(args, place) {
  const { who, rest } = takePerson(args, place.people);
  if (!who || rest === '') {
    return usage('note');
  }
  const path = `people/${encodeURIComponent(who.user)}/notes`;
  return inRoom(place, 'POST', path, { text: rest }, 'noted', { name: who.name });
}

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
export function warn(args, place) {
  const { who, rest } = takePerson(args, place.people);
  return who && rest !== ''
    ? inRoom(place, 'POST', 'warnings', { user: who.user, reason: rest }, 'warned', { name: who.name })
    : usage('warn');
}

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
export function timeout(args, place) {
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
export function ban(args, place) {
  const { who, rest } = takePerson(args, place.people);
  return who
    ? inRoom(place, 'POST', 'sanctions', { user: who.user, action: 'ban', ...removalBecause(rest) }, 'ban', {
        name: who.name,
      })
    : usage('ban');
}

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
export function hide(args, place) {
  const { who, rest } = takePerson(args, place.people);
  return who
    ? inRoom(place, 'POST', 'sanctions', { user: who.user, action: 'hide', ...because(rest) }, 'hidden', {
        name: who.name,
      })
    : usage('hide');
}

/** @param {'timeout' | 'ban' | 'hide'} action @param {string} args @param {Place} place @returns {Deed | Fault} */
export function lift(action, args, place) {
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
export function serverBan(args, place) {
  const { who, rest } = takePerson(args, place.people);
  if (!who) {
    return usage('serverban');
  }
  const [, address, more = ''] = /^(address|주소)?\s*([\s\S]*)$/iu.exec(rest) ?? [];
  const body = { user: who.user, action: 'ban', ...(address && { address: true }), ...removalBecause(more) };
  return onServer('POST', '', body, 'ban', who.name);
}

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
export function serverUnban(args, place) {
  const { who, rest } = takePerson(args, place.people);
  return who && rest === ''
    ? onServer('DELETE', `?${new URLSearchParams({ user: who.user, action: 'ban' })}`, {}, 'lifted', who.name)
    : usage('serverunban');
}

/** @param {'PUT' | 'DELETE'} method @param {string} args @param {Place} place @returns {Deed | Fault} */
export function appoint(method, args, place) {
  const { who, rest } = takePerson(args, place.people);
  const gives = method === 'PUT';
  if (!who || rest !== '') {
    return usage(gives ? 'mod' : 'unmod');
  }
  const path = `moderators/${encodeURIComponent(who.user)}`;
  return inRoom(place, method, path, {}, gives ? 'appointed' : 'dismissed', { name: who.name });
}

/**
 * Decides about what somebody asked, or what of theirs waits for review: which that is, is known when it is run.
 * @param {string} name
 * @param {Verb} verb
 * @param {string} args
 * @param {Place} place
 * @returns {Deed | Fault}
 */
export function settle(name, verb, args, place) {
  const { who, rest: words } = takePerson(args, place.people);
  return who ? { do: 'settle', verb, who, words, done: `command.done-${name}` } : usage(name);
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
