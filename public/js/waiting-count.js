/**
 * How much waits for staff, at the button that leads to their tools: a small number, and in the button's name.
 *
 * @import { Translate } from './strings.js'
 */

import { el } from './dom.js';

/** More than this are many. */
const MOST_SHOWN = 99;

/** @param {HTMLElement} button its title is its name while nothing waits @param {number} count @param {Translate} t */
export function showWaiting(button, count, t) {
  const name = button.title;
  button.setAttribute('aria-label', count === 0 ? name : t('tool.waiting', { name, count }));
  let badge = button.querySelector('.waiting-count');
  if (count === 0) {
    badge?.remove();
    return;
  }
  if (!badge) {
    badge = el('span', { class: 'waiting-count number', 'aria-hidden': 'true' });
    button.append(badge);
  }
  badge.textContent = count > MOST_SHOWN ? `${MOST_SHOWN}+` : String(count);
}
