import { translator } from './strings.js';

/** @type {import('./strings.js').Translate | null} */
let known = null;

/** The sentences that the layout has put on the body, read once. */
export function pageStrings() {
  known ??= translator(JSON.parse(document.body.dataset['strings'] ?? '{}'), document.documentElement.lang);
  return known;
}
