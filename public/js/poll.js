/**
 * What a room is being asked, as the log and what passes by say it, and the words for how it stands; the server says the same
 * in its pages. Pure.
 *
 * @import { ServerFrame } from '../../src/protocol/frames.js'
 * @import { PollView } from '../../src/protocol/views.js'
 * @import { Line } from './entries.js'
 * @import { Translate } from './strings.js'
 */

/**
 * The open poll after another frame. An entry that is older than the poll is about another one.
 * @param {PollView | null} poll
 * @param {ServerFrame} frame
 * @returns {PollView | null}
 */
export function followPoll(poll, { event, data }) {
  switch (event) {
    case 'room.poll-opened':
      return poll && poll.seq >= data.seq ? poll : { ...data, counts: data.choices.map(() => 0) };
    case 'room.poll-closed':
      return poll?.id === data.id ? null : poll;
    case 'poll.counts':
      return poll?.id === data.id ? { ...poll, counts: data.counts } : poll;
    case 'user.deleted':
      return poll?.by.id === data.user.id ? { ...poll, by: { id: '', nickname: '' } } : poll;
    default:
      return poll;
  }
}

/**
 * The share of each choice, as people read it: "60%".
 * @param {readonly number[]} counts
 * @param {string} locale
 */
export function sharesText(counts, locale) {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const percent = new Intl.NumberFormat(locale, { style: 'percent' });
  return counts.map((count) => percent.format(all === 0 ? 0 : count / all));
}

/**
 * A result in one line: "Tea 60% (3) · Coffee 40% (2)".
 * @param {readonly string[]} choices
 * @param {readonly number[]} counts
 * @param {string} locale
 */
export function resultText(choices, counts, locale) {
  const number = new Intl.NumberFormat(locale);
  const shares = sharesText(counts, locale);
  return choices
    .map((choice, index) => `${choice} ${shares[index]} (${number.format(counts[index] ?? 0)})`)
    .join(' · ');
}

/** @param {Line} line that a poll was opened, or how it ended @param {Translate} t @param {string} locale */
export function pollLineText({ says, params, poll }, t, locale) {
  const { choices = [], counts = [] } = poll ?? {};
  return t(`line.${says}`, { ...params, results: resultText(choices, counts, locale) });
}
