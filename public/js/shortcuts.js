/**
 * Keys that work anywhere on a page with a chat, and the dialog that lists them, under `?`. They are single characters, which
 * speech input may press by accident, so they can be switched off (WCAG 2.1.4); the dialog stays reachable by its button.
 *
 * @import { Translate } from './strings.js'
 */

import { el } from './dom.js';

const KEY = 'madang:shortcuts';

/**
 * @typedef {object} Shortcut
 * @property {string} says a key of the sentences
 * @property {() => void} run
 * @property {() => boolean} [isThere] whether the page has it as it is by then
 */

/**
 * What keys do where they are meaningful, which needs no switch: in the box, or on a message that has the focus.
 * @typedef {object} KeysOfPlace
 * @property {string} says a key of the sentences: the place
 * @property {[string, string][]} keys and, of each, a key of the sentences
 */

/**
 * @param {Record<string, Shortcut>} shortcuts by their letter
 * @param {Translate} t
 * @param {() => KeysOfPlace[]} places as they are by then
 */
export function startShortcuts(shortcuts, t, places) {
  const open = () => showList(shortcuts, t, places());
  const button = document.getElementById('shortcuts');
  if (button) {
    button.hidden = false;
    button.addEventListener('click', open);
  }
  document.addEventListener('keydown', (event) => {
    if (!isOn() || !isForShortcuts(event)) {
      return;
    }
    const shortcut = shortcuts[letterOf(event)];
    if (event.key === '?') {
      event.preventDefault();
      open();
    } else if (shortcut && isThere(shortcut)) {
      event.preventDefault();
      shortcut.run();
    }
  });
}

/** @param {KeyboardEvent} event */
function isForShortcuts({ target, altKey, ctrlKey, metaKey, isComposing, defaultPrevented }) {
  const isElsewhere =
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input, textarea, select, [role="menuitem"]'));
  const isBusy = document.querySelector('dialog[open]') !== null;
  return !isElsewhere && !isBusy && !altKey && !ctrlKey && !metaKey && !isComposing && !defaultPrevented;
}

/** The same key while the keyboard is set to Hangul. @param {KeyboardEvent} event */
function letterOf({ key, code }) {
  return /^[ -~]$/.test(key) ? key.toLowerCase() : code.replace(/^Key/, '').toLowerCase();
}

/** @param {Record<string, Shortcut>} shortcuts @param {Translate} t @param {KeysOfPlace[]} places */
function showList(shortcuts, t, places) {
  /** @type {[string, string][]} */
  const anywhere = [['?', 'keys.title'], ...letters(shortcuts)];
  const box = el('input', { type: 'checkbox', checked: isOn() });
  box.addEventListener('change', () => switchOn(box.checked));
  const dialog = el(
    'dialog',
    { class: 'dialog keys', 'aria-labelledby': 'keys-title' },
    el('h2', { id: 'keys-title' }, t('keys.title')),
    listOf(anywhere, t),
    el('label', { class: 'check' }, box, t('keys.on')),
    ...places.flatMap(({ says, keys }) => [el('h3', {}, t(says)), listOf(keys, t)]),
    el(
      'form',
      { method: 'dialog', class: 'form-actions' },
      el('button', { class: 'button quiet', autofocus: true }, t('keys.close')),
    ),
  );
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** @param {Record<string, Shortcut>} shortcuts @returns {[string, string][]} */
function letters(shortcuts) {
  return Object.entries(shortcuts)
    .filter(([, shortcut]) => isThere(shortcut))
    .map(([letter, { says }]) => [letter, says]);
}

/** @param {Shortcut} shortcut */
function isThere(shortcut) {
  return shortcut.isThere?.() !== false;
}

/** @param {[string, string][]} rows @param {Translate} t */
function listOf(rows, t) {
  return el(
    'dl',
    {},
    ...rows.map(([keys, says]) =>
      el('div', {}, el('dt', {}, ...keys.split(' ').map((key) => el('kbd', {}, key))), el('dd', {}, t(says))),
    ),
  );
}

function isOn() {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true;
  }
}

/** @param {boolean} on */
function switchOn(on) {
  try {
    localStorage.setItem(KEY, on ? 'on' : 'off');
  } catch {
    // Without storage they stay on.
  }
}
