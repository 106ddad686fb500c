/**
 * What one can do with a message, offered at its row.
 *
 * @import { Message } from './entries.js'
 * @import { RoomView } from './room-view.js'
 */

import { copyText } from './clipboard.js';
import { confirmDialog } from './confirm-dialog.js';
import { openMenu } from './menu.js';
import { actionsFor } from './message-row.js';
import { openPinDialog } from './pin-dialog.js';
import { openRemoveDialog, openRestoreDialog } from './removal-dialogs.js';
import { openReportDialog } from './report-dialog.js';
import { request } from './request.js';
import { toast } from './toast.js';
import { openWarnDialog } from './warn-dialog.js';

/** @param {HTMLElement} button @param {Message} message @param {RoomView} view */
export function openMessageMenu(button, message, view) {
  const { t } = view;
  const text = message.text ?? '';
  const run = {
    reply: () => view.composer?.replyTo(message),
    copy: () => void copy(),
    translate: () => void view.parts?.translations?.show(message),
    original: () => view.parts?.translations?.hide(message),
    edit: () => view.composer?.edit(message.seq, text),
    pin: () => void openPinDialog(view.slug, message, t, view.locale),
    unpin: () => void view.unpin(),
    remove: () => void remove(),
    restore: () => void openRestoreDialog(view.slug, message.seq, t),
    ignore: () => ignore(),
    report: () => void openReportDialog(message, view),
    profile: () => void view.showPerson(message.author?.id ?? ''),
    warn: () => void warn(),
    timeout: () => void sanction('timeout'),
    hide: () => void sanction('hide'),
    unhide: () => void unhide(),
    ban: () => void sanction('ban'),
  };
  openMenu(
    button,
    actionsFor(message, view.context).map((offered) => {
      const action = asTheyAre(offered, message, view);
      return {
        label: t(`message.${action}`),
        danger: action === 'remove' || action === 'ban',
        run: run[action],
      };
    }),
  );

  async function copy() {
    toast(t((await copyText(text)) ? 'message.copied' : 'message.copy-failed'));
  }

  /** For oneself alone; nobody is told. */
  function ignore() {
    if (message.author) {
      view.reader.ignore(message.author);
      toast(t('message.ignored', { name: message.author.nickname }));
    }
  }

  async function warn() {
    if (message.author) {
      await openWarnDialog(view.slug, message.author, t);
    }
  }

  async function unhide() {
    const user = message.author;
    if (user) {
      const query = new URLSearchParams({ user: user.id, action: 'hide' });
      const path = `/api/rooms/${encodeURIComponent(view.slug)}/sanctions?${query}`;
      const refusal = await request('DELETE', path, {}, t);
      toast(refusal ? refusal.message : t('sanction.unhide-done', { name: user.nickname }));
    }
  }

  /** @param {'timeout' | 'ban' | 'hide'} action */
  async function sanction(action) {
    if (message.author) {
      await view.sanction(message.author, action);
    }
  }

  async function remove() {
    if (message.author?.id !== view.viewer?.id) {
      await openRemoveDialog(view.room, message.seq, t);
      return;
    }
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

/**
 * Whether somebody is to be hidden or shown again: by what was done last, since a message stays as it was said.
 * @template {string} Action
 * @param {Action} action
 * @param {Message} message
 * @param {RoomView} view
 * @returns {Action | 'hide' | 'unhide'}
 */
function asTheyAre(action, { author }, { room }) {
  if (action !== 'hide' && action !== 'unhide') {
    return action;
  }
  const last = room.log.items.findLast(
    (item) =>
      item.type === 'line' && item.about === author?.id && (item.says === 'hide' || item.says === 'unhide'),
  );
  return last?.type === 'line' ? (last.says === 'hide' ? 'unhide' : 'hide') : action;
}
