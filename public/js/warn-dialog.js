/**
 * @import { AuthorView } from '../../src/protocol/views.js'
 * @import { Translate } from './strings.js'
 */

import { el } from './dom.js';
import { field, formDialog } from './form-dialog.js';
import { newNonce } from './nonce.js';
import { request } from './request.js';
import { toast } from './toast.js';

/** Lets staff warn somebody in a room. @param {string} slug @param {Pick<AuthorView, 'id' | 'nickname'>} user @param {Translate} t */
export async function openWarnDialog(slug, user, t) {
  const name = user.nickname;
  const nonce = newNonce();
  const words = el('textarea', { maxlength: 500, rows: 3, required: true, autocomplete: 'off' });
  const done = await formDialog({
    title: t('warn.title', { name }),
    fields: [field(t('warn.words', { name }), words), el('p', { class: 'hint' }, t('warn.text'))],
    action: t('warn.send'),
    cancel: t('dialog.cancel'),
    submit: () =>
      request(
        'POST',
        `/api/rooms/${encodeURIComponent(slug)}/warnings`,
        { user: user.id, reason: words.value, nonce },
        t,
      ),
  });
  if (done) {
    toast(t('command.done-warned', { name }));
  }
}
