/**
 * What is pinned in a room, as the log says it. Pure.
 *
 * @import { EntryFrame } from '../../src/protocol/frames.js'
 * @import { PinView } from '../../src/protocol/views.js'
 */

/**
 * The pin after another entry: replaced, taken off, or its message edited, removed or restored.
 * @param {PinView | null} pin
 * @param {EntryFrame} entry
 * @returns {PinView | null}
 */
export function followPin(pin, { event, data }) {
  switch (event) {
    case 'room.pinned':
      return data;
    case 'room.unpinned':
      return null;
    case 'message.changed':
    case 'message.restored':
      return data.target === pin?.target ? saying(pin, data.text) : pin;
    case 'message.removed':
      return data.target === pin?.target ? saying(pin, null) : pin;
    case 'room.cleared':
      return pin && pin.target <= data.upTo ? saying(pin, null) : pin;
    case 'user.sanctioned':
      return data.removed && pin?.message.author?.id === data.user.id ? saying(pin, null) : pin;
    case 'user.deleted':
      return pin?.message.author?.id === data.user.id ? leftBy(pin, data.removed === true) : pin;
    default:
      return pin;
  }
}

/**
 * Whether there is something to see: not while the message is removed, nor when its time is over.
 * @param {PinView | null} pin
 * @param {number} now in milliseconds since 1970
 * @returns {pin is PinView}
 */
export function isShown(pin, now) {
  return (
    pin !== null && pin.message.text !== null && (pin.until === undefined || Date.parse(pin.until) > now)
  );
}

/** Its author is named no more. @param {PinView} pin @param {boolean} removed @returns {PinView} */
function leftBy(pin, removed) {
  const text = removed ? null : pin.message.text;
  return { ...pin, message: { ...pin.message, author: null, text } };
}

/** @param {PinView} pin @param {string | null} text @returns {PinView} */
function saying(pin, text) {
  return { ...pin, message: { ...pin.message, text } };
}
