/**
 * Events of a room: staff start one, with an empty chat, and end it.
 *
 * @import { RoomView } from './room-view.js'
 */

import { confirmDialog } from './confirm-dialog.js';
import { el } from './dom.js';
import { field, formDialog } from './form-dialog.js';
import { newNonce } from './nonce.js';
import { request } from './request.js';
import { toast } from './toast.js';

/** @typedef {Pick<RoomView, 'slug' | 't' | 'room'>} Place */

/** Starts the event, or ends the one that is on. @param {Place} place */
export async function startOrEnd(place) {
  const { session } = place.room.log;
  await (session && session.endedAt === undefined ? end(place, session.title) : start(place));
}

/** @param {Place} place */
async function start({ slug, t, room }) {
  const title = el('input', {
    type: 'text',
    required: true,
    maxlength: 100,
    autocomplete: 'off',
    value: room.log.room?.title ?? '',
  });
  const nonce = newNonce();
  await formDialog({
    title: t('session.start-title'),
    fields: [field(t('session.title'), title), el('p', { class: 'hint' }, t('session.start-hint'))],
    action: t('session.start'),
    cancel: t('dialog.cancel'),
    submit: () =>
      request(
        'POST',
        `/api/rooms/${encodeURIComponent(slug)}/sessions`,
        { title: title.value.trim(), nonce },
        t,
      ),
  });
}

/** @param {Place} place @param {string} title */
async function end({ slug, t }, title) {
  const sure = await confirmDialog({
    text: t('session.end-text', { title }),
    action: t('session.end'),
    cancel: t('dialog.cancel'),
  });
  if (sure) {
    const refusal = await request('POST', `/api/rooms/${encodeURIComponent(slug)}/sessions/end`, {}, t);
    if (refusal) {
      toast(refusal.message);
    }
  }
}
