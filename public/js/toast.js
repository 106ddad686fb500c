import { el } from './dom.js';

const SHOWN_MS = 5000;
/** More would cover what they are about. */
const MOST = 3;

/** Says a sentence at the edge of the page for a few seconds. @param {string} text */
export function toast(text) {
  const toasts = document.getElementById('toasts');
  // The same again is not read twice: it stays longer.
  const same = Array.from(toasts?.children ?? []).find((shown) => shown.textContent === text);
  same?.remove();
  const note = el('p', { class: 'toast' }, text);
  toasts?.append(note);
  // One comes, one goes.
  if ((toasts?.childElementCount ?? 0) > MOST) {
    toasts?.firstElementChild?.remove();
  }
  setTimeout(() => note.remove(), SHOWN_MS);
}
