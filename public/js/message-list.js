/**
 * Keeps the rows of the page like the log: rows that stay are left alone, so that selection, focus and place survive.
 *
 * @import { Answer } from './answers.js'
 * @import { Item } from './entries.js'
 * @import { Parcel } from './outbox.js'
 * @import { RowContext } from './message-row.js'
 * @import { Day } from './row-flow.js'
 */

import { fillAnswer, fillWriting } from './answer-row.js';
import { arrange, cloneTemplate } from './dom.js';
import { fillDay, fillLine, fillMessage, fillParcel, fillTime } from './message-row.js';
import { continues, withDays } from './row-flow.js';

/** @typedef {Item | Parcel | Answer | Day} Source */

/** Times are told by the minute. */
const TIMES_MS = 30_000;

export class MessageList {
  #timesSaid = '';
  /** What each row was filled from, to leave it alone while that is the same. @type {Map<string, { row: HTMLElement, from: readonly unknown[] }>} */
  #rows = new Map();

  /** @param {HTMLElement} list with the rows that came with the page, if any */
  constructor(list) {
    this.list = list;
    for (const row of list.querySelectorAll('[data-seq]')) {
      if (row instanceof HTMLElement) {
        this.#rows.set(`message ${row.dataset['seq']}`, { row, from: [] });
      }
    }
  }

  /**
   * @param {readonly Item[]} items
   * @param {readonly Parcel[]} parcels shown below, while they are on their way
   * @param {RowContext} context
   */
  render(items, parcels, context) {
    const before = this.#rows;
    this.#rows = new Map();
    let above = null;
    // Times go on by themselves; they are looked at as often as they can be told apart.
    const said = `${context.reading.times} ${Math.floor(Date.now() / TIMES_MS)}`;
    const isTimeToSay = said !== this.#timesSaid;
    this.#timesSaid = said;
    for (const [key, source] of keyed(items, parcels, context)) {
      const known = before.get(key) ?? before.get(earlierKey(source, context));
      const row = known?.row ?? cloneTemplate(templateOf(source));
      const from = origins(source, context);
      if (!known || from.some((origin, index) => origin !== known.from[index])) {
        fill(row, source, context);
      }
      if (isTimeToSay && known && 'at' in source && 'kind' in source) {
        fillTime(row, source.at, context);
      }
      row.toggleAttribute('data-continued', continues(above, source, context.viewer?.id));
      above = source;
      this.#rows.set(key, { row, from });
    }
    arrange(
      this.list,
      Array.from(this.#rows.values(), ({ row }) => row),
    );
  }

  /** Whether there is nothing to read. */
  get empty() {
    return this.#rows.size === 0;
  }
}

/**
 * Answers come last: they become entries when they are done, and what is said meanwhile stands above them.
 * @param {readonly Item[]} items
 * @param {readonly Parcel[]} parcels
 * @param {RowContext} context
 * @returns {Generator<[string, Source]>}
 */
function* keyed(items, parcels, { answers, times }) {
  const written = new Set();
  const shown = items.filter((item) => item.type === 'line' || item.removed !== 'cleared');
  for (const item of withDays(shown, times.dayKey, times.today())) {
    if (item.type === 'message') {
      written.add(item.id);
      yield [`message ${item.seq}`, item];
    } else {
      yield [`${item.type === 'line' ? item.says : 'day'} ${item.seq}`, item];
    }
  }
  for (const parcel of parcels) {
    if (parcel.frame.event === 'say' || (parcel.frame.event === 'edit' && parcel.status === 'failed')) {
      yield [`nonce ${parcel.frame.data.nonce}`, parcel];
    }
  }
  for (const answer of answers.running.values()) {
    if (!written.has(answer.id)) {
      yield [`answer ${answer.id}`, answer];
    }
  }
}

/** @param {Source} source */
function templateOf(source) {
  return 'type' in source && (source.type === 'line' || source.type === 'day')
    ? 'line-template'
    : 'message-template';
}

/**
 * A message takes over the row it had while it was on its way, or being written.
 * @param {Source} source
 * @param {RowContext} context
 */
function earlierKey(source, { viewer }) {
  if ('kind' in source && source.kind === 'ai') {
    return `answer ${source.id}`;
  }
  const own = 'author' in source && viewer !== null && source.author?.id === viewer.id;
  return own && source.nonce ? `nonce ${source.nonce}` : '';
}

/**
 * All that a row shows. A quoted message is part of it: once it is removed, its words must not stay in the quote. Parcels
 * change in place, so their row is filled each time.
 * @param {Source} source
 * @param {RowContext} context
 */
function origins(source, { find, writable, editable, answers, translations, marks, emotes }) {
  if ('status' in source) {
    return [Symbol('always')];
  }
  const quoted = 'replyTo' in source && typeof source.replyTo === 'number' ? find(source.replyTo) : undefined;
  const running = 'id' in source ? answers.running.get(source.id) : undefined;
  const outcome = 'seq' in source ? answers.outcomes.get(source.seq ?? 0) : undefined;
  const translation = 'kind' in source ? translations?.of(source) : undefined;
  return [source, quoted, writable, running, outcome, translation, marks, emotes, editable];
}

/** @param {HTMLElement} row @param {Source} source @param {RowContext} context */
function fill(row, source, context) {
  if ('status' in source) {
    fillParcel(row, source, context);
  } else if (source.type === 'answer') {
    fillAnswer(row, source, context);
  } else if (source.type === 'day') {
    fillDay(row, source, context);
  } else if (source.type === 'line') {
    fillLine(row, source, context);
  } else {
    fillMessage(row, source, context);
    const running = context.answers.running.get(source.id);
    if (running) {
      fillWriting(row, running, context);
    }
  }
}
