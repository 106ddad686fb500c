/**
 * The open poll above the list: what is asked, how it stands, and one's own vote. Each reader may put it away, and get it
 * back.
 *
 * @import { PollView } from '../../src/protocol/views.js'
 * @import { Translate } from './strings.js'
 */

import { call } from './api.js';
import { el, tell } from './dom.js';
import { sharesText } from './poll.js';
import { PutAway } from './put-away.js';
import { clockText } from './spans.js';

/**
 * @typedef {object} PollCardOptions
 * @property {Translate} t
 * @property {string} locale
 * @property {string} slug
 * @property {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>} storage
 * @property {(poll: PollView) => void} onVoted how it stands with one's vote
 */

/** What is drawn of a choice. @typedef {{ radio: HTMLInputElement, share: HTMLElement, bar: HTMLElement }} Choice */

export class PollCard {
  /** @type {PollView | null} */
  #poll = null;
  /** @type {Choice[]} */
  #choices = [];
  #staff = false;
  #votes = false;
  #busy = false;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /** @param {HTMLElement} place hidden while nothing is asked @param {PollCardOptions} options */
  constructor(place, options) {
    const { t } = options;
    this.place = place;
    this.options = options;
    this.by = el('span', {});
    this.left = el('span', { class: 'number' });
    this.total = el('span', { class: 'number' });
    this.question = el('legend', { class: 'chat-poll-question', dir: 'auto' });
    this.fields = el('fieldset', { class: 'chat-poll-choices' });
    this.send = el('button', { class: 'button small', type: 'submit' });
    this.finish = el(
      'button',
      { class: 'button quiet small', type: 'button', 'data-slot': 'poll-end' },
      t('poll.end'),
    );
    this.note = el('span', { class: 'chat-poll-note' });
    this.error = el('p', { class: 'field-error', role: 'alert', hidden: true });
    this.form = el(
      'form',
      {},
      this.fields,
      this.error,
      el('div', { class: 'chat-poll-actions' }, this.send, this.note, this.finish),
    );
    const close = el(
      'button',
      {
        class: 'icon-button',
        type: 'button',
        'data-slot': 'poll-close',
        title: t('poll.close'),
        'aria-label': t('poll.close'),
      },
      '✕',
    );
    const body = el(
      'div',
      { 'data-slot': 'poll-body' },
      el(
        'p',
        { class: 'chat-poll-by' },
        el('span', { 'aria-hidden': true }, '📊'),
        ' ',
        this.by,
        ' · ',
        this.total,
        ' · ',
        this.left,
      ),
      this.form,
      close,
    );
    this.line = el('bdi', { class: 'chat-fold-words', dir: 'auto' });
    this.lineLeft = el('span', { class: 'number' });
    const open = el(
      'button',
      { class: 'chat-fold', type: 'button', 'data-slot': 'poll-open' },
      el('span', { 'aria-hidden': true }, '📊'),
      ' ',
      el('span', { class: 'visually-hidden' }, t('poll.open')),
      ' ',
      this.line,
      ' ',
      this.lineLeft,
    );
    place.replaceChildren(open, body);
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#vote();
    });
    this.form.addEventListener('change', () => this.#drawActions());
    this.finish.addEventListener('click', () => void this.#end());
    this.putAway = new PutAway({ place, close, open }, options.storage, `madang:poll:${options.slug}`);
  }

  /** @param {PollView | null} poll @param {{ staff: boolean, votes: boolean }} reader */
  draw(poll, { staff, votes }) {
    const before = this.#poll;
    if (poll === before && staff === this.#staff && votes === this.#votes) {
      return;
    }
    this.#poll = poll;
    this.#staff = staff;
    this.#votes = votes;
    this.place.hidden = poll === null;
    if (poll === null) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    if (poll.id !== before?.id) {
      this.#fill(poll);
    } else if (poll.vote !== before.vote) {
      this.#check(poll.vote);
    }
    this.#drawCounts(poll);
    this.#drawTime();
    this.#drawActions();
  }

  /** @param {PollView} poll */
  #fill({ id, question, choices, vote }) {
    const name = `poll-${id}`;
    this.#choices = choices.map(() => ({
      radio: el('input', { type: 'radio', name }),
      share: el('span', { class: 'chat-poll-share number' }),
      bar: el('span', { class: 'chat-poll-bar', 'aria-hidden': true }),
    }));
    this.question.textContent = question;
    this.line.textContent = question;
    this.fields.replaceChildren(
      this.question,
      ...this.#choices.map(({ radio, share, bar }, index) =>
        el(
          'label',
          { class: 'chat-poll-choice' },
          radio,
          el('bdi', { class: 'chat-poll-words' }, choices[index] ?? ''),
          share,
          bar,
        ),
      ),
    );
    tell(this.error, '');
    this.#check(vote);
    this.putAway.show(id);
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#drawTime(), 1000);
  }

  /** @param {number | undefined} vote */
  #check(vote) {
    this.#choices.forEach(({ radio }, index) => {
      radio.checked = index === vote;
    });
  }

  /** @param {PollView} poll */
  #drawCounts({ counts, by }) {
    const { t, locale } = this.options;
    const number = new Intl.NumberFormat(locale);
    const all = counts.reduce((sum, count) => sum + count, 0);
    const shares = sharesText(counts, locale);
    this.by.textContent = by.nickname === '' ? t('poll.label') : t('poll.by', { name: by.nickname });
    this.total.textContent = t('poll.votes', { count: all });
    this.#choices.forEach(({ share, bar }, index) => {
      const count = counts[index] ?? 0;
      share.textContent = `${shares[index]} (${number.format(count)})`;
      bar.style.width = `${all === 0 ? 0 : (100 * count) / all}%`;
    });
  }

  #drawTime() {
    if (this.#poll) {
      const { t } = this.options;
      const seconds = Math.max(0, Math.ceil((Date.parse(this.#poll.closesAt) - Date.now()) / 1000));
      const isOver = seconds === 0;
      this.left.textContent = isOver ? t('poll.over') : t('poll.left', { time: clockText(seconds) });
      this.lineLeft.textContent = clockText(seconds);
      this.fields.disabled = isOver || !this.#votes;
      this.send.disabled = isOver;
    }
  }

  #drawActions() {
    const { t } = this.options;
    const { vote, choices } = this.#poll ?? { choices: [] };
    this.form.toggleAttribute('data-votes', this.#votes);
    this.send.hidden = !this.#votes;
    this.send.textContent = t(vote === undefined ? 'poll.vote' : 'poll.change');
    this.finish.hidden = !this.#staff;
    const said = vote === undefined ? '' : t('poll.voted', { choice: choices[vote] ?? '' });
    tell(this.note, this.#votes ? said : t('poll.login'));
  }

  async #vote() {
    const choice = this.#choices.findIndex(({ radio }) => radio.checked);
    const poll = this.#poll;
    if (poll === null || this.#busy) {
      return;
    }
    if (choice === -1) {
      this.#choices[0]?.radio.focus();
      return;
    }
    const answer = await this.#ask('PUT', `${poll.id}/vote`, { choice });
    if (answer) {
      this.options.onVoted(answer);
    }
  }

  async #end() {
    if (this.#poll && !this.#busy) {
      await this.#ask('POST', `${this.#poll.id}/end`);
    }
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @returns {Promise<PollView | null>} null: it was refused, and the card says why
   */
  async #ask(method, path, body) {
    const { t, slug } = this.options;
    this.#busy = true;
    tell(this.error, '');
    /** @type {Awaited<import('./api.js').Answered<{ poll: PollView }>>} */
    const { answer, error } = await call(
      method,
      `/api/rooms/${encodeURIComponent(slug)}/polls/${path}`,
      body,
      t,
    );
    this.#busy = false;
    tell(this.error, error ?? '');
    return answer?.poll ?? null;
  }
}
