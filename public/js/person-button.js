import { el } from './dom.js';

/**
 * Somebody's name, to staff a button that leads to their card: what is to be done about them is done there.
 * @param {{ id: string, nickname: string }} person
 */
export function personButton({ id, nickname }) {
  return el(
    'button',
    { class: 'link-button', type: 'button', 'data-verb': 'who', 'data-who': id },
    el('bdi', {}, nickname),
  );
}
