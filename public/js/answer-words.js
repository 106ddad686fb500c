/**
 * What is said about how an answer ended.
 *
 * @import { AiStatus } from '../../src/protocol/frames.js'
 * @import { Outcome } from './answers.js'
 * @import { Translate } from './strings.js'
 */

/** Codes of which more can be said than that it did not work. */
const REASONS = new Set(['ai.busy', 'ai.quota', 'ai.too-long', 'ai.off']);

/** About an answer that has a text; empty when it is complete. @param {AiStatus} status @param {Translate} t */
export function endingText(status, t) {
  return status === 'complete' ? '' : t(`ai.ended.${status}`);
}

/** Why there is no answer, in one sentence. @param {Outcome} outcome @param {Translate} t */
export function outcomeText({ status, code, message }, t) {
  if (message !== '') {
    return message;
  }
  if (status === 'failed' && code === null) {
    return t('ai.none.stopped');
  }
  if (code === 'text.blocked') {
    return t('ai.none.blocked');
  }
  return t(code !== null && REASONS.has(code) ? `ai.none.${code.slice('ai.'.length)}` : 'ai.none.provider');
}
