/**
 * What a command asks to be done, and the page as it finds it.
 *
 * @import { AnnouncementStyle } from '../../src/protocol/frames.js'
 * @import { Role } from '../../src/protocol/views.js'
 * @import { Somebody } from './command-args.js'
 * @import { Message } from './entries.js'
 * @import { Verb } from './command-waiting.js'
 */

import { takeRemoval } from './command-args.js';

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
 * @param {Place} place
 * @param {string} method
 * @param {string} path below the room
 * @param {Record<string, unknown>} body
 * @param {string} done what is said afterwards
 * @param {Record<string, string>} [params]
 * @returns {Request}
 */
export function inRoom({ slug }, method, path, body, done, params = {}) {
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
export function usage(name) {
  return { fault: 'command.usage', params: { name } };
}

/** @param {string} reason */
export function because(reason) {
  return reason === '' ? {} : { reason };
}

/** That what they wrote goes, if the arguments begin so, and why. @param {string} args */
export function removalBecause(args) {
  const { removes, rest } = takeRemoval(args);
  return { ...(removes && { removeMessages: true }), ...because(rest) };
}
