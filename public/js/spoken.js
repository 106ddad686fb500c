/** @import { Message } from './entries.js' */

/** More of a message is not read out: it can be gone to. */
const MOST = 500;

/** A message as it is read out. @param {Pick<Message, 'author' | 'kind' | 'text'>} message */
export function spoken({ author, kind, text }) {
  const words = kind === 'ai' ? withoutMarks(text ?? '') : (text ?? '');
  return `${author?.nickname ?? ''}: ${words.length > MOST ? `${words.slice(0, MOST)}…` : words}`;
}

/** Markdown's marks are for the eye. @param {string} text */
function withoutMarks(text) {
  return text
    .replaceAll(/^[ \t]*(?:#{1,6}|>|[-*+]|```.*)(?:[ \t]+|$)/gm, '')
    .replaceAll(/\[([^\]\n]*)\]\([^)\s]*\)/g, '$1')
    .replaceAll(/[*`~]+|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, '')
    .trim();
}
