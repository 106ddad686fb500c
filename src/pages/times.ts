import type { Locale } from '../protocol/views.js';

/** `20:47`. In the server's time zone; the browser's code shows it in the reader's. */
export function clockTime(iso: string, locale: Locale): string {
  return formatters[locale].clock.format(new Date(iso));
}

/** A day and a time, short: `Nov 22, 20:47` or `11월 22일 20:47`. */
export function dayTime(iso: string, locale: Locale): string {
  return formatters[locale].day.format(new Date(iso));
}

/** A day of the calendar (YYYY-MM-DD), such as `Jan 14, 2027`; the same in every time zone. */
export function day(date: string, locale: Locale): string {
  return formatters[locale].date.format(new Date(date));
}

const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const formattersOf = (locale: Locale) => ({
  clock: new Intl.DateTimeFormat(locale, clock),
  date: new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }),
  day: new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', ...clock }),
});
const formatters = { ko: formattersOf('ko'), en: formattersOf('en') };
