/**
 * What one can do with a message, offered at its row.
 *
 * @import { Message } from './entries.js'
 * @import { RoomView } from './room-view.js'
 */

import { confirmDialog } from './confirm-dialog.js';
import { openMenu } from './menu.js';
import { actionsFor } from './message-row.js';
import { toast } from './toast.js';

/** @param {HTMLElement} button @param {Message} message @param {RoomView} view */
export function openMessageMenu(button, message, view) {
  const { t } = view;
  const text = message.text ?? '';
  const run = {
    reply: () => view.composer?.replyTo(message),
    copy: () => void copy(text, t('message.copied')),
    edit: () => view.composer?.edit(message.seq, text),
    remove: () => void remove(),
  };
  openMenu(
    button,
    actionsFor(message, view.context).map((action) => ({
      label: t(`message.${action}`),
      danger: action === 'remove',
      run: run[action],
    })),
  );

  async function remove() {
    const sure = await confirmDialog({
      title: t('message.remove-title'),
      text: t('message.remove-text'),
      action: t('message.remove'),
      cancel: t('dialog.cancel'),
    });
    if (sure) {
      view.room.remove(message.seq);
    }
  }
}

/** The clipboard is there only on https and localhost. @param {string} text @param {string} done */
async function copy(text, done) {
  try {
    await navigator.clipboard.writeText(text);
    toast(done);
  } catch {
    // The text can still be selected and copied by hand.
  }
}
