/**
 * @import { AuthorView, SanctionAction } from '../../src/protocol/views.js'
 * @import { Translate } from './strings.js'
 */

import { request } from './request.js';
import { el } from './dom.js';
import { checkbox, field, formDialog, select } from './form-dialog.js';
import { spanText } from './spans.js';
import { toast } from './toast.js';

const MINUTE = 60;
const SPANS = [10, MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, 24 * 60 * MINUTE];
const DEFAULT = 5 * MINUTE;
const LONGEST_MINUTES = 14 * 24 * 60;

/**
 * Lets staff time somebody out, hide or ban them, in a room.
 * @param {string} slug
 * @param {Pick<AuthorView, 'id' | 'nickname'>} user
 * @param {SanctionAction} action
 * @param {Translate} t
 * @param {string} locale
 * @param {boolean} [everywhereToo] whether this person may ban from the whole server
 */
export async function openSanctionDialog(slug, user, action, t, locale, everywhereToo = false) {
  const isTimeout = action === 'timeout';
  const span = select(
    [
      ...SPANS.map((value) => ({ value: String(value), label: spanText(value, locale) })),
      { value: 'other', label: t('sanction.other') },
    ],
    String(DEFAULT),
  );
  const minutes = el('input', {
    type: 'number',
    min: 1,
    max: LONGEST_MINUTES,
    step: 1,
    value: 60,
    inputmode: 'numeric',
  });
  const other = field(t('sanction.minutes'), minutes);
  const reason = el('input', { type: 'text', maxlength: 500, autocomplete: 'off' });
  const remove = checkbox(t('sanction.remove-messages'), false);
  const everywhere = checkbox(t('sanction.everywhere'), false);
  const address = checkbox(t('sanction.address'), false);
  everywhere.box.addEventListener('change', () => {
    address.check.hidden = !everywhere.box.checked;
  });
  address.check.hidden = true;
  const choose = () => {
    other.hidden = span.value !== 'other';
    minutes.disabled = other.hidden;
  };
  span.addEventListener('change', choose);
  choose();

  const done = await formDialog({
    title: t(`sanction.${action}-title`, { name: user.nickname }),
    fields: [
      ...(action === 'hide' ? [el('p', {}, t('sanction.hide-text'))] : []),
      ...(isTimeout ? [field(t('sanction.span'), span), other] : []),
      field(t('sanction.reason'), reason),
      ...(action === 'hide' ? [] : [remove.check]),
      ...(everywhereToo && action === 'ban' ? [everywhere.check, address.check] : []),
    ],
    action: t(`sanction.${action}`),
    cancel: t('dialog.cancel'),
    danger: true,
    submit: () => {
      const seconds = span.value === 'other' ? Number(minutes.value) * MINUTE : Number(span.value);
      return request(
        'POST',
        everywhere.box.checked ? '/api/sanctions' : `/api/rooms/${encodeURIComponent(slug)}/sanctions`,
        {
          user: user.id,
          action,
          ...(isTimeout && { seconds }),
          ...(reason.value.trim() !== '' && { reason: reason.value }),
          ...(remove.box.checked && { removeMessages: true }),
          ...(everywhere.box.checked && address.box.checked && { address: true }),
        },
        t,
      );
    },
  });
  if (done) {
    toast(t(`sanction.${action}-done`, { name: user.nickname }));
  }
}
