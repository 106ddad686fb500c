/**
 * The chat over a video, in OBS: read only, with the look that the address asks for. The server has checked the options.
 *
 * @import { Message } from './entries.js'
 */
import { startChat } from './chat.js';
import { messagesIn } from './reducer.js';

/**
 * @typedef {object} Options
 * @property {number} [size]
 * @property {string} [color]
 * @property {string} [background]
 * @property {number} [fade] seconds
 * @property {'on' | 'off'} [names]
 * @property {'on' | 'off'} [staff]
 * @property {'on' | 'off'} [commands]
 */

const COMMAND = /^[!/]\p{L}/u;

/** @type {Options} */
const options = JSON.parse(document.body.dataset['overlay'] ?? '{}');
const { size, color, background, fade, names, staff, commands } = options;

const { style } = document.body;
if (size !== undefined) {
  style.fontSize = `${size}px`;
}
if (color !== undefined) {
  style.setProperty('--ink', `#${color}`);
}
if (background !== undefined) {
  style.setProperty('--ground', `#${background}`);
}
document.body.toggleAttribute('data-nameless', names === 'off');

const view = await startChat();
/** Rows that have been looked at. @type {WeakSet<Element>} */
const known = new WeakSet();
let wasLive = false;

// In the same frame in which the rows were made, before they are painted.
view?.panel.addEventListener('madang:room', () => {
  const { log, live } = view.room;
  for (const message of messagesIn(log)) {
    const row = document.getElementById(`m-${message.seq}`);
    if (row && !known.has(row)) {
      known.add(row);
      row.hidden = !isWanted(message);
      fadeOut(row, message);
    }
  }
  wasLive = live;
});

/** @param {Message} message */
function isWanted({ author, kind, text }) {
  const isStaff = kind !== 'chat' || (author !== null && author.role !== 'user');
  return !(staff === 'on' && !isStaff) && !(commands === 'off' && COMMAND.test(text ?? ''));
}

/** What was said before counts from then; what comes now, from now: clocks differ. @param {HTMLElement} row @param {Message} message */
function fadeOut(row, { at }) {
  if (fade !== undefined) {
    const age = wasLive ? 0 : (Date.now() - Date.parse(at)) / 1000;
    row.toggleAttribute('data-fades', true);
    row.style.animationDelay = `${fade - age}s`;
  }
}
