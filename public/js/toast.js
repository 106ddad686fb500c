import { el } from './dom.js';

const SHOWN_MS = 5000;

/** Says a sentence at the edge of the page for a few seconds. @param {string} text */
export function toast(text) {
  const toasts = document.getElementById('toasts');
  const note = el('p', { class: 'toast' }, text);
  toasts?.append(note);
  setTimeout(() => note.remove(), SHOWN_MS);
}
