import { translator } from './strings.js';

/** The sentences that the layout has put on the body, for code that runs outside the chat panel. */
export function pageStrings() {
  return translator(JSON.parse(document.body.dataset['strings'] ?? '{}'), document.documentElement.lang);
}
