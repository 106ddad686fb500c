/**
 * What the staff of a room are to decide: what waits for review, and what was reported.
 *
 * @import { RoomView } from './room-view.js'
 */

import { HeldQueue } from './held-queue.js';
import { ReportQueue } from './report-queue.js';
import { toast } from './toast.js';

/**
 * @param {RoomView} view
 * @param {HTMLElement} held
 * @param {HTMLElement} reports
 * @param {() => void} leave takes the focus when there is nothing left to decide
 * @param {(count: number) => void} [counted] told how much waits, whenever that may have changed
 */
export function queuesFor(view, held, reports, leave, counted = () => undefined) {
  const { slug, t } = view;
  const changed = () => counted(queues.reduce((sum, { items }) => sum + items.size, 0));
  const showPerson = (/** @type {string} */ who) => void view.showPerson(who);
  const options = { slug, t, onError: toast, showPerson, leave, changed };
  const queues = [
    new HeldQueue(held, options),
    new ReportQueue(reports, {
      ...options,
      show: (seq) => view.goTo(seq),
      // Their dialogs are fetched by who opens them.
      remove: async (seq) => {
        const dialogs = await import('./removal-dialogs.js').catch(() => toast(t('form.offline')));
        await dialogs?.openRemoveDialog(view.room, seq, t);
      },
      warn: async (author) => {
        const dialogs = await import('./warn-dialog.js').catch(() => toast(t('form.offline')));
        return dialogs?.openWarnDialog(slug, author, t);
      },
      sanction: (author, action) => view.sanction(author, action),
    }),
  ];
  return queues;
}
