/**
 * What waits for review, for the staff of a room.
 *
 * @import { ServerFrame } from '../../src/protocol/frames.js'
 * @import { HeldView } from '../../src/protocol/views.js'
 * @import { StaffQueueOptions } from './staff-queue.js'
 * @import { Translate } from './strings.js'
 */

import { el } from './dom.js';
import { personButton } from './person-button.js';
import { decision, StaffQueue } from './staff-queue.js';

/** @extends {StaffQueue<HeldView>} */
export class HeldQueue extends StaffQueue {
  /** @param {HTMLElement} place hidden while nothing waits @param {StaffQueueOptions} options */
  constructor(place, options) {
    super(place, options, {
      path: 'held',
      wholesale: ['deny', 'approve'],
      count: (count) => options.t('held.count', { count }),
      read: (/** @type {{ held: HeldView[] }} */ { held }) => held.map((message) => [message.id, message]),
      rowOf: (message) => rowOf(message, options.t),
    });
  }

  /** @override @param {ServerFrame} frame */
  take(frame) {
    switch (frame.event) {
      case 'held.added':
        this.items.set(frame.data.id, frame.data);
        break;
      case 'held.settled':
        this.items.delete(frame.data.id);
        break;
      case 'held.dropped':
        for (const { id, author } of this.items.values()) {
          if (author.id === frame.data.user) {
            this.items.delete(id);
          }
        }
        break;
      default:
        return false;
    }
    return true;
  }
}

/** @param {HeldView} message @param {Translate} t */
function rowOf({ author, text, why, reason, score }, t) {
  const said = { reason: reason ? t(`report.${reason}`) : '', percent: `${score ?? 0} %` };
  const about = { name: author.nickname, text };
  return el(
    'li',
    { class: `hue-${Math.floor(author.color / 10)}` },
    el('p', {}, personButton(author), ' ', el('span', { class: 'held-text' }, text)),
    el(
      'div',
      { class: 'held-actions' },
      el('span', { class: 'held-why' }, t(`held.why-${why}`, said)),
      decision('deny', t('held.deny'), t('held.deny-one', about)),
      decision('approve', t('held.approve'), t('held.approve-one', about), 'button small'),
    ),
  );
}
