/**
 * What people reported, for the staff of a room: what they say of each message, and what can be done about it.
 *
 * @import { ServerFrame } from '../../src/protocol/frames.js'
 * @import { AuthorView, ReportedView } from '../../src/protocol/views.js'
 * @import { StaffQueueOptions } from './staff-queue.js'
 * @import { Translate } from './strings.js'
 */

import { el } from './dom.js';
import { personButton } from './person-button.js';
import { decision, StaffQueue } from './staff-queue.js';

/**
 * @typedef {object} Deeds
 * @property {(seq: number) => void} show
 * @property {(seq: number) => Promise<void>} remove
 * @property {(author: AuthorView) => Promise<void>} warn
 * @property {(author: AuthorView, action: 'timeout' | 'ban') => Promise<void>} sanction
 */

const SANCTIONS = /** @type {const} */ (['warn', 'timeout', 'ban']);

/** @extends {StaffQueue<ReportedView>} */
export class ReportQueue extends StaffQueue {
  /** @param {HTMLElement} place hidden while nothing waits @param {StaffQueueOptions & Deeds} options */
  constructor(place, options) {
    super(place, options, {
      path: 'reports',
      wholesale: ['dismiss'],
      count: (count) => options.t('reports.count', { count }),
      read: (/** @type {{ reported: ReportedView[] }} */ { reported }) =>
        reported.map((item) => [String(item.target), item]),
      rowOf: (item) => rowOf(item, options.t),
      act: async ({ target, message }, verb) => {
        if (verb === 'show') {
          options.show(target);
        } else if (verb === 'remove') {
          await options.remove(target);
        } else if (message.author && verb === 'warn') {
          await options.warn(message.author);
        } else if (message.author && (verb === 'timeout' || verb === 'ban')) {
          await options.sanction(message.author, verb);
        }
      },
    });
  }

  /** @override @param {ServerFrame} frame */
  take(frame) {
    if (frame.event === 'report.added') {
      this.items.set(String(frame.data.target), frame.data);
    } else if (frame.event === 'report.settled') {
      this.items.delete(String(frame.data.target));
    } else {
      return false;
    }
    return true;
  }
}

/** @param {ReportedView} item @param {Translate} t */
function rowOf({ message, count, reports }, t) {
  const { author, text } = message;
  const name = author?.nickname ?? t('message.no-author');
  const hue = author ? `hue-${Math.floor(author.color / 10)}` : '';
  const isPerson = author !== null && author.role !== 'ai';
  /** @param {string} verb @param {string} label */
  const button = (verb, label) => decision(verb, label, t('reports.decide', { what: label, name, text }));
  return el(
    'li',
    { class: hue },
    el(
      'p',
      {},
      isPerson ? personButton(author) : el('strong', {}, name),
      ' ',
      el('span', { class: 'held-text' }, text),
    ),
    el(
      'ul',
      { class: 'report-words' },
      ...reports.map(({ by, reason, words, score }) => {
        const sure = score === undefined ? '' : ` · ${t('reports.sure', { percent: `${score} %` })}`;
        const said = words ? ` · ${words}` : '';
        return el(
          'li',
          {},
          by.id === 'ai' ? el('bdi', {}, by.nickname) : personButton(by),
          ': ',
          t(`report.${reason}`),
          sure,
          said,
        );
      }),
      ...(count > reports.length ? [el('li', {}, t('reports.more', { count: count - reports.length }))] : []),
    ),
    el(
      'div',
      { class: 'held-actions' },
      button('show', t('reports.show')),
      button('dismiss', t('reports.dismiss')),
      ...(isPerson ? SANCTIONS.map((verb) => button(verb, t(`message.${verb}`))) : []),
      button('remove', t('message.remove')),
    ),
  );
}
