/**
 * What staff can do with the room itself.
 *
 * @import { RoomView } from './room-view.js'
 */

import { confirmDialog } from './confirm-dialog.js';
import { openMenu } from './menu.js';
import { openModesDialog } from './modes-dialog.js';
import { isShown } from './pin.js';
import { request } from './request.js';
import { openStaffPanel } from './staff-panel.js';
import { toast } from './toast.js';

/** @param {HTMLElement} button @param {RoomView} view */
export function openRoomTools(button, view) {
  const { room, slug, t, locale } = view;
  const settings = room.log.room?.settings;
  if (!settings) {
    return;
  }
  openMenu(button, [
    { label: t('tool.staff'), run: () => openStaffPanel(view, button) },
    ...(room.log.poll ? [] : [{ label: t('tool.poll'), run: () => void startPoll(view) }]),
    {
      label: t(
        room.log.session && room.log.session.endedAt === undefined ? 'tool.session-end' : 'tool.session',
      ),
      run: () => void import('./session-dialog.js').then(({ startOrEnd }) => startOrEnd(view)),
    },
    {
      label: t((room.log.raid?.leftMs ?? 0) > 0 ? 'tool.raid-stop' : 'tool.raid'),
      run: () => void import('./raid-dialog.js').then(({ startOrStop }) => startOrStop(view)),
    },
    { label: t('tool.modes'), run: () => void openModesDialog(slug, settings, t, locale) },
    {
      label: t('tool.rules'),
      run: () =>
        void import('./rules-dialog.js').then(({ openRulesEditor }) => openRulesEditor(view, settings)),
    },
    {
      label: t('tool.timers'),
      run: () => void import('./timers-dialog.js').then(({ openTimersDialog }) => openTimersDialog(view)),
    },
    {
      label: t(settings.shield ? 'tool.shield-off' : 'tool.shield-on'),
      run: () => void setShield(slug, !settings.shield, t),
    },
    ...(isShown(room.log.pinned, Date.now())
      ? [{ label: t('message.unpin'), run: () => void view.unpin() }]
      : []),
    { label: t('tool.clear'), danger: true, run: () => void clearRoom(slug, t) },
  ]);
}

/** @param {RoomView} view */
async function startPoll({ slug, t, locale }) {
  try {
    const { openPollDialog } = await import('./poll-dialog.js');
    await openPollDialog(slug, t, locale);
  } catch {
    toast(t('form.offline'));
  }
}

/** @param {string} slug @param {boolean} shield @param {RoomView['t']} t */
async function setShield(slug, shield, t) {
  const path = `/api/rooms/${encodeURIComponent(slug)}`;
  const refusal = await request('PATCH', path, { settings: { shield } }, t);
  if (refusal) {
    toast(refusal.message);
  }
}

/**
 * Removes everything said so far, once that was confirmed.
 * @param {string} slug
 * @param {RoomView['t']} t
 * @param {string} [reason]
 */
export async function clearRoom(slug, t, reason = '') {
  const sure = await confirmDialog({
    title: t('clear.title'),
    text: t('clear.text'),
    action: t('clear.action'),
    cancel: t('dialog.cancel'),
  });
  if (sure) {
    const path = `/api/rooms/${encodeURIComponent(slug)}/clear`;
    const refusal = await request('POST', path, reason === '' ? {} : { reason }, t);
    if (refusal) {
      toast(refusal.message);
    }
  }
}
