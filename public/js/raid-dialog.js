/**
 * Staff lead the room's viewers to another room, and call them back.
 *
 * @import { RoomView as RoomOfServer } from '../../src/protocol/views.js'
 * @import { RoomView } from './room-view.js'
 */

import { get } from './api.js';
import { confirmDialog } from './confirm-dialog.js';
import { el } from './dom.js';
import { field, formDialog, select } from './form-dialog.js';
import { newNonce } from './nonce.js';
import { request } from './request.js';
import { toast } from './toast.js';

const DEFAULT_SECONDS = 30;

/** @typedef {Pick<RoomView, 'slug' | 't' | 'room'>} Place */

/** Whether the viewers are being led somewhere now. @param {Pick<Place, 'room'>} place */
export const isLeading = ({ room }) => (room.log.raid?.leftMs ?? 0) > 0;

/** Asks where to, or whether to call them back. @param {Place} place */
export async function startOrStop(place) {
  await (isLeading(place) ? stop(place) : start(place));
}

/** @param {Place} place */
async function start({ slug, t }) {
  /** @type {Awaited<ReturnType<typeof get<{ rooms: RoomOfServer[] }>>>} */
  const { answer, error } = await get('/api/rooms', t);
  const others = answer?.rooms.filter((room) => room.slug !== slug && !room.archived) ?? [];
  if (others.length === 0) {
    toast(error ?? t('raid.nowhere'));
    return;
  }
  const to = select(
    others.map((room) => ({
      value: room.slug,
      label: t('raid.to-option', { title: room.title, count: room.presence.count }),
    })),
    '',
  );
  const seconds = el('input', { type: 'number', min: 10, max: 60, required: true, value: DEFAULT_SECONDS });
  const nonce = newNonce();
  await formDialog({
    title: t('raid.title'),
    fields: [
      field(t('raid.to'), to),
      field(t('raid.seconds'), seconds),
      el('p', { class: 'hint' }, t('raid.hint')),
    ],
    action: t('raid.start'),
    cancel: t('dialog.cancel'),
    submit: () =>
      request(
        'POST',
        `/api/rooms/${encodeURIComponent(slug)}/raid`,
        { to: to.value, seconds: Number(seconds.value), nonce },
        t,
      ),
  });
}

/** @param {Place} place */
async function stop({ slug, t }) {
  const sure = await confirmDialog({
    text: t('raid.stop-text'),
    action: t('raid.stop'),
    cancel: t('dialog.cancel'),
  });
  if (sure) {
    const refusal = await request('DELETE', `/api/rooms/${encodeURIComponent(slug)}/raid`, {}, t);
    if (refusal) {
      toast(refusal.message);
    }
  }
}
