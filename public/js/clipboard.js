import { el } from './dom.js';

/**
 * Copies a text. Browsers offer the clipboard only on https and localhost; elsewhere the old way is tried.
 * @param {string} text
 * @returns {Promise<boolean>} false: it can still be selected and copied by hand
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

/** @param {string} text */
function copySelected(text) {
  const focused = document.activeElement;
  const box = el('textarea', { class: 'visually-hidden', readonly: true, 'aria-hidden': true });
  box.value = text;
  document.body.append(box);
  box.select();
  const done = document.execCommand('copy');
  box.remove();
  if (focused instanceof HTMLElement) {
    focused.focus();
  }
  return done;
}
