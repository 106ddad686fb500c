/**
 * Keeps the rows of a conversation like its log, and leaves alone those that stay, so that selection and place survive.
 *
 * @import { Answer, Outcome } from './answers.js'
 * @import { Message } from './entries.js'
 * @import { Parcel } from './outbox.js'
 * @import { Room } from './room.js'
 * @import { TurnContext } from './turn-row.js'
 */

import { arrange, cloneTemplate, slot } from './dom.js';
import { showMarkdown } from './markdown.js';
import { messagesIn } from './reducer.js';
import { fillQuestion, fillTurn, fillWriting } from './turn-row.js';

/** @typedef {{ key: string, earlier: string, source: Message | Parcel | Answer, writing?: Answer }} Turn */

export class TurnList {
  /** @type {Map<string, { row: HTMLElement, from: readonly unknown[] }>} */
  #rows = new Map();
  /** Answers of this visit that were asked without what came earlier, by their id. @type {Set<string>} */
  #omitted = new Set();
  /** Why the page says that a question has no answer, by its seq. @type {Map<number, Outcome>} */
  #told = new Map();

  /**
   * @param {HTMLElement} list with the rows that came with the page
   * @param {Pick<TurnContext, 't' | 'times'>} words
   */
  constructor(list, words) {
    this.list = list;
    this.words = words;
    for (const row of list.querySelectorAll('[data-slot="turn"]')) {
      if (row instanceof HTMLElement) {
        const { seq, id, from, state } = row.dataset;
        this.#rows.set(seq === undefined ? `answer ${id}` : `message ${seq}`, { row, from: [] });
        const note = slot(row, 'note').textContent ?? '';
        if (from === 'person' && note !== '') {
          this.#told.set(Number(seq), { status: 'failed', code: null, message: note });
        }
        if (from === 'ai' && state === '') {
          const text = slot(row, 'text');
          void showMarkdown(text, text.textContent ?? '', words.t);
        }
      }
    }
  }

  get empty() {
    return this.#rows.size === 0;
  }

  /**
   * @param {Room} room
   * @param {{ asks: boolean, knownUpTo: number }} state `knownUpTo`: a question up to this seq that nobody answers will
   *   not be answered by itself
   */
  render(room, { asks, knownUpTo }) {
    const turns = turnsOf(room);
    const before = this.#rows;
    this.#rows = new Map();
    for (const [index, turn] of turns.entries()) {
      const known = before.get(turn.key) ?? before.get(turn.earlier);
      const row = known?.row ?? cloneTemplate('turn-template');
      const context = this.#context(room, turn, index === turns.length - 1, { asks, knownUpTo });
      const { isLast, isUnanswered, outcome } = context;
      const mutable = 'status' in turn.source ? Symbol('always') : null;
      const from = [turn.source, turn.writing, mutable, asks, isLast, isUnanswered, outcome];
      if (!known || from.some((origin, index) => origin !== known.from[index])) {
        fill(row, turn, context);
      }
      this.#rows.set(turn.key, { row, from });
    }
    arrange(
      this.list,
      Array.from(this.#rows.values(), ({ row }) => row),
    );
  }

  /**
   * @param {Room} room
   * @param {Turn} turn
   * @param {boolean} isLast
   * @param {{ asks: boolean, knownUpTo: number }} state
   * @returns {TurnContext}
   */
  #context({ answers }, { source, writing }, isLast, { asks, knownUpTo }) {
    const isMessage = 'kind' in source;
    const outcome = isMessage ? (answers.outcomes.get(source.seq) ?? this.#told.get(source.seq)) : undefined;
    const isKnown = isMessage && (outcome !== undefined || source.seq <= knownUpTo);
    if (writing && writing.omitted > 0) {
      this.#omitted.add(writing.id);
    }
    return {
      ...this.words,
      asks,
      isLast,
      isUnanswered: isMessage && source.kind !== 'ai' && isLast && isKnown,
      omitted: isMessage && this.#omitted.has(source.id),
      outcome,
    };
  }
}

/** @param {Room} room @returns {Turn[]} */
function turnsOf({ log, outbox, answers }) {
  const messages = messagesIn(log).filter(({ removed }) => removed === null);
  const written = new Set(messages.map(({ id }) => id));
  const parcels = outbox.parcels.filter(({ frame }) => frame.event === 'ask');
  const running = [...answers.running.values()];
  return [
    ...messages.map((source) => ({
      key: `message ${source.seq}`,
      earlier: source.kind === 'ai' ? `answer ${source.id}` : `nonce ${source.nonce}`,
      source,
      writing: answers.running.get(source.id),
    })),
    ...running
      .filter(({ id }) => !written.has(id))
      .map((source) => ({ key: `answer ${source.id}`, earlier: '', source, writing: source })),
    ...parcels.map((source) => ({ key: `nonce ${source.frame.data.nonce}`, earlier: '', source })),
  ];
}

/** @param {HTMLElement} row @param {Turn} turn @param {TurnContext} context */
function fill(row, { source, writing }, context) {
  if ('status' in source) {
    fillQuestion(row, source, context);
  } else if ('kind' in source) {
    fillTurn(row, source, context);
  }
  if (writing) {
    fillWriting(row, writing, context);
  }
}
