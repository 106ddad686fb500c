/**
 * @import { RemovedView } from '../../src/protocol/views.js'
 * @import { Room } from './room.js'
 * @import { Translate } from './strings.js'
 */

import { get } from './api.js';
import { el } from './dom.js';
import { checkbox, field, formDialog } from './form-dialog.js';
import { request } from './request.js';
import { toast } from './toast.js';

/** Removing what somebody else said, with a reason for the staff. @param {Room} room @param {number} seq @param {Translate} t */
export async function openRemoveDialog(room, seq, t) {
  const reason = reasonField();
  await formDialog({
    title: t('message.remove-title'),
    fields: [el('p', {}, t('message.remove-text-staff')), field(t('sanction.reason'), reason)],
    action: t('message.remove'),
    cancel: t('dialog.cancel'),
    danger: true,
    submit: () => {
      room.remove(seq, reason.value.trim());
      return Promise.resolve(null);
    },
  });
}

/**
 * Shows what staff removed, who did and why, and brings it back; if that is wanted, with what else of the same person went
 * with it.
 * @param {string} slug
 * @param {number} seq
 * @param {Translate} t
 */
export async function openRestoreDialog(slug, seq, t) {
  const api = `/api/rooms/${encodeURIComponent(slug)}`;
  const path = `${api}/messages/${seq}`;
  /** @type {Awaited<ReturnType<typeof get<{ removed: RemovedView }>>>} */
  const { answer, error } = await get(`${path}/removed`, t);
  if (error !== null) {
    toast(error);
    return;
  }
  const { author, text, removed } = answer.removed;
  const name = author?.nickname ?? t('message.no-author');
  const reason = reasonField();
  const { box, check } = checkbox(t('restore.all', { count: removed.messages, name }), false);
  await formDialog({
    title: t('restore.title'),
    fields: [
      el('blockquote', { class: 'quoted', dir: 'auto' }, el('b', {}, name), ' ', text),
      el('p', { class: 'hint' }, removedText(removed, t)),
      ...(author && removed.messages > 1 ? [check] : []),
      field(t('restore.reason'), reason),
    ],
    action: t('message.restore'),
    cancel: t('dialog.cancel'),
    submit: () => {
      const why = reason.value.trim();
      const because = why === '' ? {} : { reason: why };
      return author && box.checked
        ? request('POST', `${api}/people/${author.id}/restore`, { removal: removed.seq, ...because }, t)
        : request('POST', `${path}/restore`, because, t);
    },
  });
}

function reasonField() {
  return el('input', { type: 'text', maxlength: 500, autocomplete: 'off' });
}

/** @param {RemovedView['removed']} removed @param {Translate} t */
function removedText({ by, reason }, t) {
  const name = by?.nickname ?? t('message.no-author');
  return reason === null ? t('restore.by', { name }) : t('restore.by-for', { name, reason });
}
