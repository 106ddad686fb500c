/** @import { Shortcut } from './shortcuts.js' */

import { enableForms } from './forms.js';
import { MessageKeys } from './message-keys.js';
import { RoomView } from './room-view.js';
import { isStaff } from './roles.js';
import { startShortcuts } from './shortcuts.js';

/**
 * Brings the chat panel of this page to life; null on a page without one. What only those need who take part is fetched for
 * them alone.
 * @param {Record<string, Shortcut>} [shortcuts] what else the page does by single letters
 */
export async function startChat(shortcuts = {}) {
  const panel = document.getElementById('chat');
  if (!panel) {
    return null;
  }
  enableForms();
  const takesPart = panel.hasAttribute('data-takes-part');
  const parts = takesPart ? await (await import('./member-parts.js')).fetchMemberParts(panel) : null;
  const view = new RoomView(panel, parts);
  const keys = new MessageKeys(view);
  const { composer, t } = view;
  const own = {
    ...(composer && { c: { says: 'keys.composer', run: () => composer.input.focus() } }),
    m: { says: 'keys.messages', run: () => keys.focus() },
  };
  startShortcuts({ ...own, ...shortcuts }, t, () => keysOf(view));
  view.start();
  return view;
}

/** Only what this reader has: without an account there are no menus, and without a box nothing to go back to. @param {RoomView} view */
function keysOf({ composer, viewer, context }) {
  const edits = context.editable || isStaff(context.viewer);
  const onMessages = place('keys.on-messages', [
    ['↑ ↓', 'keys.move'],
    ['Home End', 'keys.ends'],
    viewer && ['Enter', 'keys.menu'],
    composer && ['Esc', 'keys.leave'],
  ]);
  const inBox = place('keys.in-box', [
    ['Enter', 'keys.send'],
    ['Shift Enter', 'keys.line'],
    edits && ['↑', 'keys.edit'],
    ['@ : /', 'keys.suggest'],
    ['Esc', 'keys.cancel'],
  ]);
  return composer ? [inBox, onMessages] : [onMessages];
}

/** @param {string} says @param {([string, string] | false | null)[]} keys @returns {import('./shortcuts.js').KeysOfPlace} */
function place(says, keys) {
  return { says, keys: keys.filter((key) => key !== false && key !== null) };
}
