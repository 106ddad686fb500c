/**
 * Rows of answers that are being written: plain text until the end, and silent to screen readers, which hear of the
 * beginning and then the whole.
 *
 * @import { Answer } from './answers.js'
 * @import { RowContext } from './message-row.js'
 */

import { slot } from './dom.js';
import { showPlain } from './markdown.js';
import { fillFoot, fillName, fillQuote, setState } from './message-row.js';
import { isStaff } from './roles.js';

/** @param {HTMLElement} row @param {Answer} answer @param {RowContext} context */
export function fillAnswer(row, answer, context) {
  row.dataset['id'] = answer.id;
  setState(row, { kind: 'ai', state: 'writing', author: 'ai', hue: null, own: false, mention: false });
  fillName(row, context.ai, context.t('badge.ai'));
  fillQuote(row, answer, context);
  slot(row, 'edited').hidden = true;
  slot(row, 'time').textContent = '';
  slot(row, 'menu').hidden = true;
  fillWriting(row, answer, context);
}

/** What is particular about a row while its text grows. @param {HTMLElement} row @param {Answer} answer @param {RowContext} context */
export function fillWriting(row, answer, context) {
  row.dataset['state'] = 'writing';
  row.setAttribute('aria-busy', 'true');
  showPlain(slot(row, 'text'), answer.text);
  fillFoot(row, noteOf(answer, context), false);
  slot(row, 'stop').hidden = answer.seq !== null || !mayStop(answer, context);
}

/** @param {Answer} answer @param {RowContext} context */
function noteOf({ text, omitted, place }, { t }) {
  if (place > 0) {
    return t('ai.queued', { place });
  }
  return [text === '' ? t('ai.writing') : '', omitted > 0 ? t('ai.omitted') : ''].join(' ').trim();
}

/** Whoever asked, and staff. @param {Answer} answer @param {Pick<RowContext, 'viewer' | 'find'>} context */
function mayStop({ replyTo }, { viewer, find }) {
  if (!viewer) {
    return false;
  }
  const question = replyTo === null ? undefined : find(replyTo);
  return isStaff(viewer) || question?.author?.id === viewer.id;
}
