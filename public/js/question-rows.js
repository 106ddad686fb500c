/**
 * The rows of what people ask. A row stays the same element while its votes change, and none changes its place while somebody is
 * at one: in a busy room a click would end somewhere else than where it began.
 *
 * @import { QuestionView } from '../../src/protocol/views.js'
 * @import { Translate } from './strings.js'
 */

import { arrange, el, write } from './dom.js';
import { personButton } from './person-button.js';
import { inOrder } from './questions.js';

/** @typedef {{ key: string, element: HTMLElement, votes: HTMLElement }} Row */

export class QuestionRows {
  /** @type {Map<string, Row>} */
  #rows = new Map();
  /** @type {readonly QuestionView[]} */
  #questions = [];
  /** A mouse is over the list. */
  #isPointedAt = false;

  /**
   * @param {HTMLElement} list
   * @param {{ t: Translate, isStaff: boolean, writes: boolean }} reader
   */
  constructor(list, reader) {
    this.list = list;
    this.reader = reader;
    const point = (/** @type {boolean} */ isPointedAt) => {
      this.#isPointedAt = isPointedAt;
      this.#draw();
    };
    list.addEventListener('pointerenter', ({ pointerType }) => point(pointerType === 'mouse'));
    list.addEventListener('pointerleave', () => point(false));
    list.addEventListener('focusout', ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && list.contains(relatedTarget))) {
        queueMicrotask(() => this.#draw());
      }
    });
  }

  /** @param {readonly QuestionView[]} questions */
  draw(questions) {
    this.#questions = questions;
    this.#draw();
  }

  /** Who was at a button of a row that is made anew stays there. */
  #draw() {
    const { list } = this;
    const at = document.activeElement?.closest('li[data-id]');
    const id = at instanceof HTMLElement && list.contains(at) ? at.dataset['id'] : undefined;
    const rows = this.#inPlace(id !== undefined).map((question) => this.#rowOf(question));
    const isThere = new Set(this.#questions.map((question) => question.id));
    this.#rows = new Map([...this.#rows].filter(([known]) => isThere.has(known)));
    arrange(
      list,
      rows.map(({ element }) => element),
    );
    if (id !== undefined && !list.contains(document.activeElement)) {
      const button = this.#rows.get(id)?.element.querySelector('button');
      (button ?? list).focus();
    }
  }

  /** @param {boolean} hasFocus @returns {QuestionView[]} */
  #inPlace(hasFocus) {
    const ordered = inOrder(this.#questions);
    if (!hasFocus && !this.#isPointedAt) {
      return ordered;
    }
    const places = [...this.list.children].map((row) => row instanceof HTMLElement && row.dataset['id']);
    const place = ({ id = '' }) => (places.includes(id) ? places.indexOf(id) : places.length);
    return ordered.sort((a, b) => place(a) - place(b));
  }

  /** @param {QuestionView} question @returns {Row} */
  #rowOf(question) {
    const key = JSON.stringify({ ...question, votes: 0 });
    const known = this.#rows.get(question.id);
    const row = known?.key === key ? known : this.#make(question, key);
    write(row.votes, this.#votes(question));
    this.#rows.set(question.id, row);
    return row;
  }

  /** @param {QuestionView} question */
  #votes({ votes }) {
    return `▲ ${this.reader.t('questions.votes', { count: votes })}`;
  }

  /** @param {QuestionView} question @param {string} key @returns {Row} */
  #make(question, key) {
    const { id, author, text, status, voted, own, hidden } = question;
    const { t, isStaff, writes } = this.reader;
    /** @param {string} verb @param {string} label @param {Record<string, string>} [more] */
    const button = (verb, label, more = {}) =>
      el(
        'button',
        {
          class: 'button quiet small',
          type: 'button',
          'data-verb': verb,
          'aria-label': t('questions.about', { what: label, text }),
          ...more,
        },
        label,
      );
    const mayVote = status === 'open' && !own && writes;
    const votes = mayVote
      ? button(voted ? 'unvote' : 'vote', this.#votes(question), { 'aria-pressed': String(voted === true) })
      : el('span', { class: 'number' });
    const element = el(
      'li',
      { 'data-id': id, 'data-status': status },
      el(
        'p',
        {},
        el('bdi', { class: 'question-text', dir: 'auto' }, text),
        ...(status === 'open' ? [] : [' ', el('span', { class: 'badge' }, t(`questions.${status}`))]),
        ...(hidden ? [' ', el('span', { class: 'badge' }, t('badge.hidden'))] : []),
      ),
      el(
        'div',
        { class: 'question-foot' },
        votes,
        isStaff && author
          ? personButton(author)
          : el('bdi', { class: 'question-name' }, author?.nickname ?? t('message.no-author')),
        ...(isStaff && status === 'held' ? [button('approve', t('questions.approve'))] : []),
        ...(isStaff && status === 'open' ? [button('answer', t('questions.answer'))] : []),
        ...(isStaff || own ? [button('remove', t('questions.remove'))] : []),
      ),
    );
    return { key, element, votes };
  }
}
