/**
 * Telling the staff of a room about a message.
 *
 * @import { Message } from './entries.js'
 * @import { RoomView } from './room-view.js'
 */

import { el } from './dom.js';
import { field, formDialog } from './form-dialog.js';
import { request } from './request.js';
import { toast } from './toast.js';

/** As the server lists them. */
export const REASONS = /** @type {const} */ ([
  'spam',
  'harassment',
  'hate',
  'sexual',
  'danger',
  'privacy',
  'other',
]);

/** @param {Message} message @param {Pick<RoomView, 'slug' | 't'>} view */
export async function openReportDialog({ seq, author, text }, { slug, t }) {
  const name = author?.nickname ?? t('message.no-author');
  const choices = REASONS.map((reason, at) => {
    const radio = el('input', {
      type: 'radio',
      name: 'reason',
      value: reason,
      required: true,
      checked: at === 0,
    });
    return { reason, radio, label: el('label', { class: 'check' }, radio, t(`report.${reason}`)) };
  });
  const words = el('textarea', { maxlength: 500, rows: 2, autocomplete: 'off' });
  const done = await formDialog({
    title: t('report.title'),
    fields: [
      el('blockquote', { class: 'quoted', dir: 'auto' }, el('b', {}, name), ' ', text ?? ''),
      el(
        'fieldset',
        { class: 'choices' },
        el('legend', { class: 'label' }, t('report.why')),
        ...choices.map(({ label }) => label),
      ),
      field(t('report.words'), words),
      el('p', { class: 'hint' }, t('report.who')),
    ],
    action: t('report.send'),
    cancel: t('dialog.cancel'),
    submit: () => {
      const reason = choices.find(({ radio }) => radio.checked)?.reason ?? 'other';
      const said = words.value.trim();
      const path = `/api/rooms/${encodeURIComponent(slug)}/messages/${seq}/report`;
      return request('POST', path, { reason, ...(said !== '' && { words: said }) }, t);
    },
  });
  if (done) {
    toast(t('command.done-reported'));
  }
}
