/**
 * @import { Message } from './entries.js'
 * @import { Translate } from './strings.js'
 */

import { field, formDialog, select } from './form-dialog.js';
import { request } from './request.js';
import { spanText } from './spans.js';

const MINUTE = 60;
const SPANS = [30, MINUTE, 5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 30 * MINUTE];

/**
 * Lets staff put a message on top of a room.
 * @param {string} slug
 * @param {Message} message
 * @param {Translate} t
 * @param {string} locale
 */
export async function openPinDialog(slug, { seq }, t, locale) {
  const span = select(
    [
      { value: '', label: t('pin.until-lifted') },
      ...SPANS.map((value) => ({ value: String(value), label: spanText(value, locale) })),
    ],
    '',
  );
  await formDialog({
    title: t('pin.title'),
    fields: [field(t('pin.span'), span)],
    action: t('message.pin'),
    cancel: t('dialog.cancel'),
    submit: () =>
      request(
        'PUT',
        `/api/rooms/${encodeURIComponent(slug)}/pin`,
        { target: seq, ...(span.value !== '' && { seconds: Number(span.value) }) },
        t,
      ),
  });
}
