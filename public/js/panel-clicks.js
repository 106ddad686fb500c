/**
 * What a click in a panel opens or does. Dialogs and menus are each fetched when they are first opened; the menu of messages,
 * which people reach for most, once the room is there and nothing else is to be done.
 *
 * @import { RoomView } from './room-view.js'
 */

import { findSlot, slot } from './dom.js';
import { isPerson } from './message-row.js';
import { toast } from './toast.js';

/** @param {HTMLElement} panel @param {RoomView} view */
export function listenToClicks(panel, view) {
  const list = slot(panel, 'list');
  list.addEventListener('click', (event) => clickedInRow(event, view));
  if (view.parts) {
    panel.addEventListener('madang:room', () => whenIdle(fetchMenu), { once: true });
  }
  /** @type {Record<string, (button: HTMLButtonElement) => Promise<void>>} */
  const dialogs = {
    reading: async () => {
      const { openReadingDialog } = await import('./reading-dialog.js');
      openReadingDialog(view.reader.reading, (id) => view.reader.readAgain(id), view.t, {
        isMember: view.viewer !== null,
        ring: () => view.parts?.attention.ring(),
      });
    },
    presence: async () => {
      const { openPeopleDialog } = await import('./people-dialog.js');
      openPeopleDialog(view);
    },
    search: async () => {
      const { openSearchDialog } = await import('./search-dialog.js');
      openSearchDialog(view);
    },
    questions: async () => {
      const { openQuestionsDialog } = await import('./questions-dialog.js');
      openQuestionsDialog(view);
    },
    tools: async (button) => {
      const { openRoomTools } = await import('./room-tools.js');
      openRoomTools(button, view);
    },
  };
  for (const [name, open] of Object.entries(dialogs)) {
    const button = findSlot(panel, name, HTMLButtonElement);
    button?.addEventListener('click', () => {
      open(button).catch(() => toast(view.t('form.offline')));
    });
  }
}

/** It opens at once then, also on a slow line and without one. */
function fetchMenu() {
  // Where that fails, a click tries again, and says so.
  import('./message-menu.js').catch(() => null);
}

/** @param {() => void} run */
function whenIdle(run) {
  if ('requestIdleCallback' in window) {
    requestIdleCallback(run);
  } else {
    setTimeout(run, 1000);
  }
}

/** @param {Event} event @param {RoomView} view */
function clickedInRow({ target }, view) {
  const place = target instanceof Element ? target : null;
  const button = place?.closest('button');
  const row = place?.closest('[data-slot="row"]');
  if (!(row instanceof HTMLElement)) {
    return;
  }
  const { seq, nonce = '', id = '' } = row.dataset;
  switch (button?.dataset['slot']) {
    case 'menu':
      void openMenuOf(button, Number(seq), view);
      break;
    case 'retry':
      view.room.outbox.retry(nonce);
      break;
    case 'discard':
      view.room.outbox.take(nonce);
      break;
    case 'stop':
      view.room.stop(id);
      break;
    case undefined:
      if (view.viewer && place?.closest('[data-slot="name"], [data-slot="avatar"]')) {
        // By keyboard it is in the menu of the message: names are no stops of their own in a long list.
        const author = view.find(Number(seq))?.author ?? null;
        if (isPerson(author)) {
          void view.showPerson(author.id);
        }
      }
      break;
    default:
  }
}

/** @param {HTMLButtonElement} button @param {number} seq @param {RoomView} view */
async function openMenuOf(button, seq, view) {
  try {
    const { openMessageMenu } = await import('./message-menu.js');
    const message = view.find(seq);
    if (message && button.isConnected) {
      openMessageMenu(button, message, view);
    }
  } catch {
    toast(view.t('form.offline'));
  }
}
