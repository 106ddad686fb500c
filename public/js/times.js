/**
 * @typedef {object} Times
 * @property {(at: Date) => string} short the hour, or the day and the hour when it was not today
 * @property {(at: Date) => string} exact for whoever asks
 */

/**
 * Times in the reader's language and zone.
 * @param {string} locale
 * @param {{ now?: () => Date, timeZone?: string }} [options]
 * @returns {Times}
 */
export function timesFor(locale, { now = () => new Date(), timeZone } = {}) {
  const hour = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
  });
  const day = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', timeZone });
  const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium', timeZone });
  return {
    short: (at) =>
      day.format(at) === day.format(now()) ? hour.format(at) : `${day.format(at)} ${hour.format(at)}`,
    exact: (at) => exact.format(at),
  };
}
