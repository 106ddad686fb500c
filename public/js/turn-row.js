/**
 * Fills the rows of a conversation with the AI. The markup is `views/partials/turn.hbs`; this file only knows its slots.
 *
 * @import { Answer, Outcome } from './answers.js'
 * @import { Message } from './entries.js'
 * @import { Parcel } from './outbox.js'
 * @import { Translate } from './strings.js'
 * @import { Times } from './times.js'
 */

import { endingText, outcomeText } from './answer-words.js';
import { slot, tell } from './dom.js';
import { showMarkdown, showPlain } from './markdown.js';

/**
 * What a row is drawn with, besides what it shows.
 * @typedef {object} TurnContext
 * @property {Translate} t
 * @property {Times} times
 * @property {boolean} asks questions can be asked now: the AI is there, and nothing is being written
 * @property {boolean} omitted earlier messages had no place in what the model was sent
 * @property {boolean} isLast
 * @property {boolean} isUnanswered a question that nobody is answering
 * @property {Outcome | undefined} outcome why it has no answer, where that is known
 */

/** @typedef {'edit' | 'copy' | 'continue' | 'regenerate' | 'again' | 'retry' | 'discard'} TurnAction */

/** @type {readonly TurnAction[]} */
const ACTIONS = ['edit', 'copy', 'continue', 'regenerate', 'again', 'retry', 'discard'];
const GOES_ON = new Set(['stopped', 'truncated', 'failed', 'interrupted']);

/** @param {HTMLElement} row @param {Message} message @param {TurnContext} context */
export function fillTurn(row, message, context) {
  const { t, times } = context;
  const isAnswer = message.kind === 'ai';
  const text = message.text ?? '';
  row.id = `t-${message.seq}`;
  row.dataset['seq'] = String(message.seq);
  row.dataset['id'] = message.id;
  delete row.dataset['nonce'];
  setState(row, isAnswer ? 'ai' : 'person', '', t);
  if (isAnswer) {
    void showMarkdown(slot(row, 'text'), text, t);
  } else {
    showPlain(slot(row, 'text'), text);
  }
  tell(slot(row, 'note'), noteAbout(message, context));
  offer(row, actionsOf(message, context));
  const time = slot(row, 'time');
  const at = new Date(message.at);
  time.setAttribute('datetime', message.at);
  time.title = times.exact(at);
  time.textContent = times.short(at);
}

/** A question that is not in the log yet. @param {HTMLElement} row @param {Parcel} parcel @param {TurnContext} context */
export function fillQuestion(row, { frame, status, reason }, { t }) {
  const isRefused = status === 'failed';
  row.dataset['nonce'] = frame.data.nonce;
  setState(row, 'person', isRefused ? 'failed' : 'pending', t);
  showPlain(slot(row, 'text'), 'text' in frame.data ? frame.data.text : '');
  const waiting = t(status === 'waiting' ? 'message.waiting' : 'message.sending');
  tell(slot(row, 'note'), isRefused ? (reason ?? '') : waiting);
  offer(row, isRefused ? ['retry', 'discard'] : []);
}

/** An answer while it is being written; it may go on with one that is in the log. @param {HTMLElement} row @param {Answer} answer @param {TurnContext} context */
export function fillWriting(row, { id, text, omitted }, { t }) {
  row.dataset['id'] = id;
  setState(row, 'ai', 'writing', t);
  showPlain(slot(row, 'text'), text);
  const notes = [text === '' ? t('ai.writing') : '', omitted > 0 ? t('ai.omitted') : ''];
  tell(slot(row, 'note'), notes.filter(Boolean).join(' '));
  offer(row, []);
}

/** @param {Message} message @param {TurnContext} context */
function noteAbout({ ai, kind }, { t, omitted, isUnanswered, outcome }) {
  if (kind === 'ai') {
    const notes = [endingText(ai?.status ?? 'complete', t), omitted ? t('ai.omitted') : ''];
    return notes.filter(Boolean).join(' ');
  }
  return isUnanswered ? (outcome ? outcomeText(outcome, t) : t('talk.unanswered')) : '';
}

/** @param {Message} message @param {TurnContext} context @returns {TurnAction[]} */
function actionsOf({ ai, kind }, { asks, isLast, isUnanswered }) {
  if (kind !== 'ai') {
    return asks ? [...(isUnanswered ? /** @type {const} */ (['again']) : []), 'edit'] : [];
  }
  const goesOn = asks && isLast && GOES_ON.has(ai?.status ?? 'complete');
  return [
    ...(goesOn ? /** @type {const} */ (['continue']) : []),
    ...(asks && isLast ? /** @type {const} */ (['regenerate']) : []),
    'copy',
  ];
}

/** @param {HTMLElement} row @param {'person' | 'ai'} from @param {'' | 'pending' | 'failed' | 'writing'} state @param {Translate} t */
function setState(row, from, state, t) {
  row.dataset['from'] = from;
  row.dataset['state'] = state;
  row.toggleAttribute('aria-busy', false);
  if (state === 'writing') {
    row.setAttribute('aria-busy', 'true');
  }
  slot(row, 'who').textContent = t(from === 'ai' ? 'talk.ai' : 'talk.you');
}

/** @param {HTMLElement} row @param {readonly TurnAction[]} actions */
function offer(row, actions) {
  for (const action of ACTIONS) {
    slot(row, action).hidden = !actions.includes(action);
  }
}
