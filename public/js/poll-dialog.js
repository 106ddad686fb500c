/** @import { Translate } from './strings.js' */

import { el } from './dom.js';
import { field, formDialog, select } from './form-dialog.js';
import { newNonce } from './nonce.js';
import { request } from './request.js';
import { spanText } from './spans.js';

const MINUTE = 60;
const SPANS = [15, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 30 * MINUTE];
const MOST_CHOICES = 5;
const LEAST_CHOICES = 2;

/**
 * Lets staff ask the room something.
 * @param {string} slug
 * @param {Translate} t
 * @param {string} locale
 */
export async function openPollDialog(slug, t, locale) {
  const question = el('input', { type: 'text', required: true, maxlength: 400, autocomplete: 'off' });
  const choices = Array.from({ length: MOST_CHOICES }, (_, index) =>
    el('input', { type: 'text', required: index < LEAST_CHOICES, maxlength: 160, autocomplete: 'off' }),
  );
  const span = select(
    SPANS.map((value) => ({ value, label: spanText(value, locale) })),
    MINUTE,
  );
  const nonce = newNonce();
  await formDialog({
    title: t('poll.title'),
    fields: [
      field(t('poll.question'), question),
      ...choices.map((choice, index) => {
        const key = index < LEAST_CHOICES ? 'poll.choice' : 'poll.choice-optional';
        return field(t(key, { count: index + 1 }), choice);
      }),
      field(t('poll.span'), span),
    ],
    action: t('poll.start'),
    cancel: t('dialog.cancel'),
    submit: () =>
      request(
        'POST',
        `/api/rooms/${encodeURIComponent(slug)}/polls`,
        {
          question: question.value,
          choices: choices.map(({ value }) => value.trim()).filter((value) => value !== ''),
          seconds: Number(span.value),
          nonce,
        },
        t,
      ),
  });
}
