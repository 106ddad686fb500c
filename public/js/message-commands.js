/**
 * Commands about a message: the one that is being answered, or the newest of somebody’s.
 *
 * @import { Deed, Fault, Place } from './command-deeds.js'
 */

import { takePerson, takeReason, takeSpan } from './command-args.js';
import { because, inRoom, usage } from './command-deeds.js';

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
export function remove(args, place) {
  return onMessage('remove', args, place, (target, reason) =>
    inRoom(place, 'DELETE', `messages/${target}`, because(reason), 'removed'),
  );
}

/** The message that is being answered, or what was removed of somebody last. @param {string} args @param {Place} place @returns {Deed | Fault} */
export function restore(args, place) {
  if (place.replyTo !== null) {
    return inRoom(place, 'POST', `messages/${place.replyTo}/restore`, because(args), 'restored');
  }
  const { who, rest } = takePerson(args, place.people);
  return who
    ? inRoom(place, 'POST', `people/${encodeURIComponent(who.user)}/restore`, because(rest), 'restored')
    : usage('restore');
}

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
export function report(args, place) {
  return onMessage('report', args, place, (target, rest) => {
    const { reason, rest: words } = takeReason(rest);
    const body = { reason, ...(words !== '' && { words }) };
    return inRoom(place, 'POST', `messages/${target}/report`, body, 'reported');
  });
}

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
export function dismiss(args, place) {
  return onMessage('dismiss', args, place, (target, reason) =>
    inRoom(place, 'POST', `reports/${target}/dismiss`, because(reason), 'reports-dismissed'),
  );
}

/**
 * The message that is being answered, or else the newest of somebody's that is still there.
 * @param {string} name
 * @param {string} args
 * @param {Place} place
 * @param {(target: number, reason: string) => Deed} deed
 * @returns {Deed | Fault}
 */
function onMessage(name, args, place, deed) {
  if (place.replyTo !== null) {
    return deed(place.replyTo, args);
  }
  const { who, rest } = takePerson(args, place.people);
  if (!who) {
    return usage(name);
  }
  const newest = place.messages.findLast(
    ({ author, removed }) => author?.id === who.user && removed === null,
  );
  return newest ? deed(newest.seq, rest) : { fault: 'command.no-message', params: { name: who.name } };
}

/** @param {string} args @param {Place} place @returns {Deed | Fault} */
export function pin(args, place) {
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
