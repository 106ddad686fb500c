/** @import { Translate } from './strings.js' */

/**
 * @template Answer
 * @typedef {Promise<{ answer: Answer, error: null } | { answer: null, error: string }>} Answered `error`: what to tell the person
 */

/**
 * Asks the server's JSON API. Never throws.
 * @template Answer
 * @param {string} path
 * @param {Translate} t
 * @returns {Answered<Answer>}
 */
export function get(path, t) {
  return ask(path, { headers: { Accept: 'application/json' } }, t);
}

/**
 * Calls the server's JSON API. Never throws.
 * @template Answer
 * @param {string} path
 * @param {object} body
 * @param {Translate} t
 * @returns {Answered<Answer>}
 */
export function post(path, body, t) {
  return call('POST', path, body, t);
}

/**
 * The same by another method, or without a body.
 * @template Answer
 * @param {string} method
 * @param {string} path
 * @param {object | undefined} body
 * @param {Translate} t
 * @returns {Answered<Answer>}
 */
export function call(method, path, body, t) {
  const headers = { Accept: 'application/json', ...(body && { 'Content-Type': 'application/json' }) };
  return ask(path, { method, headers, ...(body && { body: JSON.stringify(body) }) }, t);
}

/**
 * @template Answer
 * @param {string} path
 * @param {RequestInit} request
 * @param {Translate} t
 * @returns {Answered<Answer>}
 */
async function ask(path, request, t) {
  try {
    const response = await fetch(path, request);
    const answer = await response.json();
    return response.ok
      ? { answer, error: null }
      : { answer: null, error: wordsOf(answer.error) ?? t('form.failed') };
  } catch {
    return { answer: null, error: t('form.offline') };
  }
}

/** What is wrong with a field says more than that something is. @param {{ message: string, fields?: Record<string, string> } | undefined} error */
function wordsOf(error) {
  return error && (Object.values(error.fields ?? {}).join(' ') || error.message);
}
