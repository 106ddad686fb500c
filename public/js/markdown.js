/**
 * Texts of rows: as they were written, and finished answers in Markdown. What turns them into that is fetched when the first
 * answer needs it.
 *
 * @import { Translate } from './strings.js'
 */

/** What each element is to show; an element that was given another text meanwhile is left alone. @type {WeakMap<Element, string>} */
const wanted = new WeakMap();

/** Shows a text as it was written, as while it still grows. @param {HTMLElement} element @param {string} text */
export function showPlain(element, text) {
  wanted.set(element, text);
  if (element.hasAttribute('data-markdown') || element.textContent !== text) {
    element.removeAttribute('data-markdown');
    element.textContent = text;
  }
}

/**
 * Shows a finished text as Markdown; until that can be made, and if it cannot, as it was written. The attribute
 * `data-markdown` tells that it is done, and carries the styles.
 * @param {HTMLElement} element
 * @param {string} text
 * @param {Translate} t
 */
export async function showMarkdown(element, text, t) {
  if (wanted.get(element) === text && element.hasAttribute('data-markdown')) {
    return;
  }
  if (element.textContent !== text) {
    showPlain(element, text);
  }
  wanted.set(element, text);
  try {
    const { renderMarkdown } = await import('./markdown-renderer.js');
    const rendered = await renderMarkdown(text, t);
    if (wanted.get(element) === text) {
      element.replaceChildren(rendered);
      element.setAttribute('data-markdown', '');
    }
  } catch {
    // The text is there as it was written; another answer tries again.
  }
}
