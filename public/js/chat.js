/** @import { Shortcut } from './shortcuts.js' */

import { enableForms } from './forms.js';
import { MessageKeys } from './message-keys.js';
import { RoomView } from './room-view.js';
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
  /** @type {import('./shortcuts.js').KeysOfPlace} */
  const onMessages = {
    says: 'keys.on-messages',
    keys: [
      ['↑ ↓', 'keys.move'],
      ['Home End', 'keys.ends'],
      ...(viewer ? /** @type {[string, string][]} */ ([['Enter', 'keys.menu']]) : []),
      ...(composer ? /** @type {[string, string][]} */ ([['Esc', 'keys.leave']]) : []),
    ],
  };
  const edits = context.editable || (context.viewer !== null && context.viewer.role !== 'user');
  /** @type {import('./shortcuts.js').KeysOfPlace} */
  const inBox = {
    says: 'keys.in-box',
    keys: [
      ['Enter', 'keys.send'],
      ['Shift Enter', 'keys.line'],
      ...(edits ? /** @type {[string, string][]} */ ([['↑', 'keys.edit']]) : []),
      ['@ : /', 'keys.suggest'],
      ['Esc', 'keys.cancel'],
    ],
  };
  return composer ? [inBox, onMessages] : [onMessages];
}
