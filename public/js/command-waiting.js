/**
 * Which of the things that wait for staff a command is about: somebody's, and where they have several, the one with the
 * words that were given. Pure but for `settle`, which asks the HTTP API.
 *
 * @import { HeldView, QuestionView } from '../../src/protocol/views.js'
 * @import { Settle } from './command-deeds.js'
 * @import { Refusal } from './request.js'
 * @import { Translate } from './strings.js'
 */

import { get } from './api.js';
import { folded } from './folding.js';
import { request } from './request.js';

/** @typedef {'answer' | 'remove' | 'approve' | 'deny'} Verb */

/**
 * Something that can be decided, with what is asked of the API for it.
 * @typedef {object} Waiting
 * @property {{ id: string, nickname: string } | null} author
 * @property {string} text
 * @property {string} method
 * @property {string} path below the room
 */

/**
 * What a verb can be done to. A held message and a held question are approved and denied alike.
 * @param {Verb} verb
 * @param {readonly QuestionView[]} questions
 * @param {readonly HeldView[]} held
 * @returns {Waiting[]}
 */
export function waitingFor(verb, questions, held) {
  /** @param {QuestionView} question @param {string} method @param {string} below @returns {Waiting} */
  const asked = ({ id, author, text }, method, below) => ({
    author,
    text,
    method,
    path: `questions/${id}${below}`,
  });
  const heldQuestions = questions.filter(({ status }) => status === 'held');
  switch (verb) {
    case 'answer':
      return questions
        .filter(({ status }) => status === 'open')
        .map((question) => asked(question, 'POST', '/answer'));
    case 'remove':
      return questions.map((question) => asked(question, 'DELETE', ''));
    default:
      return [
        ...held.map(({ id, author, text }) => ({ author, text, method: 'POST', path: `held/${id}/${verb}` })),
        ...heldQuestions.map((question) =>
          verb === 'approve' ? asked(question, 'POST', '/approve') : asked(question, 'DELETE', ''),
        ),
      ];
  }
}

/**
 * The one that is meant; or why none is.
 * @param {readonly Waiting[]} waiting
 * @param {Settle['who']} who
 * @param {string} words of it; empty: any
 * @returns {{ one: Waiting } | { fault: 'command.waiting-none' | 'command.waiting-many' }}
 */
export function chooseWaiting(waiting, { user, name }, words) {
  const asked = folded(words);
  const found = waiting.filter(
    ({ author, text }) =>
      author !== null &&
      (author.id === user || folded(author.nickname) === folded(name)) &&
      folded(text).includes(asked),
  );
  const [one] = found;
  if (!one) {
    return { fault: 'command.waiting-none' };
  }
  return found.length === 1 ? { one } : { fault: 'command.waiting-many' };
}

/**
 * Does what the command says. @param {Settle} deed @param {string} slug @param {Translate} t
 * @returns {Promise<Refusal | null>}
 */
export async function settle({ verb, who, words }, slug, t) {
  const room = `/api/rooms/${encodeURIComponent(slug)}`;
  const isReview = verb === 'approve' || verb === 'deny';
  /** @type {[Awaited<ReturnType<typeof get<{ questions: QuestionView[] }>>>, Awaited<ReturnType<typeof get<{ held: HeldView[] }>>> | null]} */
  const [questions, held] = await Promise.all([
    get(`${room}/questions`, t),
    isReview ? get(`${room}/held`, t) : null,
  ]);
  const error = questions.error ?? held?.error ?? null;
  if (error !== null) {
    return { message: error };
  }
  const waiting = waitingFor(verb, questions.answer?.questions ?? [], held?.answer?.held ?? []);
  const choice = chooseWaiting(waiting, who, words);
  return 'fault' in choice
    ? { message: t(choice.fault, { name: who.name }) }
    : request(choice.one.method, `${room}/${choice.one.path}`, {}, t);
}
