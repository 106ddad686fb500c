/**
 * What was missed: offered to a member who comes back to a room where much was said meanwhile, and told in a few lines
 * that lead to the messages.
 *
 * @import { SummaryLineView, SummaryView } from '../../src/protocol/views.js'
 * @import { Room } from './room.js'
 * @import { Translate } from './strings.js'
 */

import { post } from './api.js';
import { el, findSlot, slot, tell } from './dom.js';

/** Less than this is read faster than it is summed up. */
const WORTH_IT = 10;

export class Summary {
  /** The last message that was there at the last visit; null until the log is there. @type {number | null} */
  #after = null;
  #closed = false;

  /**
   * @param {HTMLElement} panel
   * @param {object} options
   * @param {string} options.slug
   * @param {string} options.viewer their id
   * @param {Storage} options.storage
   * @param {Translate} options.t
   * @param {(seq: number) => void} options.onGoTo
   */
  constructor(panel, options) {
    this.options = options;
    this.box = slot(panel, 'summary');
    this.offer = slot(panel, 'summary-offer');
    this.result = slot(panel, 'summary-result');
    this.key = `madang:read:${options.slug}:${options.viewer}`;
    slot(this.box, 'summary-ask').addEventListener('click', () => void this.#ask());
    slot(this.box, 'summary-close').addEventListener('click', () => this.#close());
    this.box.addEventListener('click', (event) => this.#clicked(event));
  }

  /** The summary of a panel that has a place for one. @param {HTMLElement} panel @param {Summary['options']} options */
  static on(panel, options) {
    return findSlot(panel, 'summary', HTMLElement) && new Summary(panel, options);
  }

  /** Called after each draw. @param {Room} room */
  draw({ log, live }) {
    if (!live || this.#after !== null) {
      return;
    }
    this.#after = Number(this.options.storage.getItem(this.key) ?? 0);
    const missed = log.head - Math.max(this.#after, log.first - 1);
    if (missed >= WORTH_IT) {
      const count = Math.min(missed, log.head);
      tell(slot(this.box, 'summary-count'), this.options.t('summary.missed', { count }));
      this.box.hidden = false;
    } else {
      this.#closed = true;
    }
  }

  /** The reader leaves, or looks elsewhere: what is there now is not missed the next time. @param {Room} room */
  leave({ log }) {
    if (this.#closed && log.next !== null) {
      this.options.storage.setItem(this.key, String(log.next - 1));
    }
  }

  async #ask() {
    const { slug, t } = this.options;
    const ask = slot(this.box, 'summary-ask');
    if (ask.getAttribute('aria-busy') === 'true') {
      return;
    }
    ask.setAttribute('aria-busy', 'true');
    tell(slot(this.box, 'summary-state'), t('summary.making'));
    const path = `/api/rooms/${encodeURIComponent(slug)}/summary`;
    /** @type {{ answer: SummaryView | null, error: string | null }} */
    const { answer, error } = await post(path, { after: this.#after ?? 0 }, t);
    ask.removeAttribute('aria-busy');
    tell(slot(this.box, 'summary-state'), error ?? '');
    if (answer) {
      this.#show(answer);
    }
  }

  /** @param {SummaryView} summary */
  #show({ lines, omitted }) {
    const { t } = this.options;
    slot(this.box, 'summary-lines').replaceChildren(...lines.map((line) => this.#line(line)));
    tell(slot(this.box, 'summary-omitted'), omitted > 0 ? t('ai.omitted') : '');
    this.offer.hidden = true;
    this.result.hidden = false;
    this.#closed = true;
    // The button that was pressed is gone.
    this.result.focus();
  }

  /** @param {SummaryLineView} line */
  #line({ text, seqs }) {
    const { t } = this.options;
    const links = seqs.flatMap((seq, index) => [
      ' ',
      el(
        'a',
        { href: `#m-${seq}`, 'data-seq': seq, 'aria-label': t('summary.message', { number: index + 1 }) },
        `↗${seqs.length > 1 ? index + 1 : ''}`,
      ),
    ]);
    return el('li', {}, el('bdi', {}, text), ...links);
  }

  /** @param {Event} event */
  #clicked(event) {
    const link = event.target instanceof Element ? event.target.closest('a[data-seq]') : null;
    if (link instanceof HTMLElement) {
      event.preventDefault();
      this.options.onGoTo(Number(link.dataset['seq']));
    }
  }

  #close() {
    this.#closed = true;
    this.box.hidden = true;
  }
}
