/**
 * Who came and who left: one line that comes and goes.
 *
 * @import { NoticeData } from '../../src/protocol/frames.js'
 * @import { Translate } from './strings.js'
 */

const SHOWN_MS = 4000;

/**
 * Nobody needs to be told that they came in themselves, so a line of one's own name alone is not shown.
 *
 * @param {HTMLElement} line @param {Translate} t @param {string | undefined} ownName
 * @returns {(notice: NoticeData) => void}
 */
export function noticeLine(line, t, ownName) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return (notice) => {
    if (notice.nickname === ownName && ownName !== undefined && notice.count === 1) {
      return;
    }
    clearTimeout(timer);
    line.textContent = noticeText(notice, t);
    timer = setTimeout(() => {
      line.textContent = '';
    }, SHOWN_MS);
  };
}

/** The last one's name stands for the group. @param {NoticeData} notice @param {Translate} t */
export function noticeText({ kind, nickname, count }, t) {
  if (nickname === undefined) {
    return t(`notice.${kind}`, { count });
  }
  return count > 1
    ? t(`notice.${kind}-others`, { name: nickname, count: count - 1 })
    : t(`notice.${kind}-one`, { name: nickname });
}
