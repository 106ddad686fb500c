/**
 * Text as it is compared with what somebody is still typing: without case, and Hangul in its letters, so that `ㅇ`, `아` and
 * a half-composed `안` all begin `안녕`.
 * @param {string} text
 */
export function folded(text) {
  return text.normalize('NFKD').toLocaleLowerCase();
}
