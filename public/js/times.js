/**
 * @typedef {object} Times
 * @property {(at: Date) => string} short the hour, or the day and the hour when it was not today
 * @property {(at: Date) => string} hour
 * @property {(at: Date) => string} ago how long ago, in the largest unit that fits
 * @property {(at: Date) => string} day for a line between two days
 * @property {(at: string) => string} dayKey equal for times of one day
 * @property {() => string} today the key of this day
 * @property {(at: Date) => string} exact for whoever asks
 */

const AGO = /** @type {const} */ ([
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]);
/** Keys that are kept: a list is walked at every draw, and formats are slow. */
const KEPT = 5000;

/**
 * Times in the reader's language and zone.
 * @param {string} locale
 * @param {{ now?: () => Date, timeZone?: string }} [options]
 * @returns {Times}
 */
export function timesFor(locale, { now = () => new Date(), timeZone } = {}) {
  const hour = format(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone });
  const day = format(locale, { month: 'short', day: 'numeric', timeZone });
  const whole = format(locale, { dateStyle: 'full', timeZone });
  const key = format('en-CA', { dateStyle: 'short', timeZone });
  const exact = format(locale, { dateStyle: 'full', timeStyle: 'medium', timeZone });
  /** @type {Intl.RelativeTimeFormat | null} */
  let span = null;
  const keys = new Map();
  return {
    short: (at) => (day(at) === day(now()) ? hour(at) : `${day(at)} ${hour(at)}`),
    hour,
    ago(at) {
      const seconds = Math.max(0, (now().getTime() - at.getTime()) / 1000);
      const [unit, size] = AGO.find(([, length]) => seconds >= length) ?? ['second', Infinity];
      span ??= new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
      return span.format(-Math.floor(seconds / size), unit);
    },
    day: whole,
    dayKey(at) {
      // Of one minute all is one day, whatever the zone.
      const of = at.slice(0, '2026-01-01T00:00'.length);
      const known = keys.get(of) ?? key(new Date(`${of}Z`));
      keys.set(of, known);
      if (keys.size > KEPT) {
        keys.clear();
      }
      return known;
    },
    today: () => key(now()),
    exact,
  };
}

/**
 * Made when it is first needed: each takes a phone some milliseconds.
 * @param {string} locale
 * @param {Intl.DateTimeFormatOptions} options
 */
function format(locale, options) {
  /** @type {Intl.DateTimeFormat | null} */
  let made = null;
  return (/** @type {Date} */ at) => {
    made ??= new Intl.DateTimeFormat(locale, options);
    return made.format(at);
  };
}
