/** When a lost connection is tried again. The ranges of the close codes decide, so that new codes need no new client. */

/**
 * @param {number} code how the socket was closed
 * @returns {'stop' | 'at-once' | 'back-off'} `at-once` is within a second, so that not all come back together
 */
export function closeReaction(code) {
  if (code >= 4000 && code < 4100) {
    return 'stop';
  }
  return code === 1012 || (code >= 4200 && code < 4300) ? 'at-once' : 'back-off';
}

/**
 * Full jitter over 1–30 s, wider with each failure.
 * @param {number} attempt 1 for the first failure
 * @param {number} random 0 to below 1
 * @returns {number} milliseconds
 */
export function backOffMs(attempt, random) {
  return 1000 + random * (Math.min(30_000, 1000 * 2 ** Math.min(attempt, 5)) - 1000);
}
