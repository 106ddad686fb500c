import type { Locale } from '../protocol/views.js';
import type { MessageKey } from '../common/i18n/translate.js';
import { translate } from '../common/i18n/translate.js';
import { dayTime } from './times.js';

/** What staff switch, as the dialog of the modes calls it; all else has the name that the API gives it. */
const NAMES: ReadonlyMap<string, MessageKey> = new Map([
  ['slowMode', 'client.mode.slow-label'],
  ['delay', 'client.mode.delay-label'],
  ['established', 'client.mode.established-label'],
  ['textLimit', 'client.mode.text-limit-label'],
  ['hostsOnly', 'client.mode.hosts-only'],
  ['noLinks', 'client.mode.no-links'],
  ['noDuplicates', 'client.mode.no-duplicates'],
  ['emojiOnly', 'client.mode.emoji-only'],
  ['guests', 'client.mode.guests'],
  ['hold', 'client.mode.hold'],
  ['shield', 'client.mode.shield'],
  ['reactions', 'client.mode.reactions'],
  ['questions', 'client.mode.questions'],
  ['aiWatch', 'client.mode.ai-watch-label'],
  ['aiWatchAbove', 'client.mode.ai-watch-above-label'],
]);

/** Modes that are a time, in seconds. */
const SPANS = new Set(['slowMode', 'delay', 'established']);

/** What an action was about beside its person, as people read it. */
export function detailsText(details: object, locale: Locale): string {
  return Object.entries(details)
    .flatMap(([name, value]: [string, unknown]) => worded(name, value, locale))
    .join(' · ');
}

function worded(name: string, value: unknown, locale: Locale): string[] {
  if (value === null || value === undefined) {
    return [];
  }
  if (name === 'until' && typeof value === 'string') {
    return [translate(locale, 'client.card.until', { time: dayTime(value, locale) })];
  }
  if (name === 'removed' && value === true) {
    return [translate(locale, 'page.actions.removed')];
  }
  if (name === 'text' && typeof value === 'string') {
    return [`“${value}”`];
  }
  if (Array.isArray(value)) {
    return [`${name}: ${value.map(plain).join(', ')}`];
  }
  if (typeof value === 'object') {
    const inner = detailsText(value, locale);
    return inner === '' ? [] : [inner];
  }
  const key = NAMES.get(name);
  const label = key ? translate(locale, key).split(':')[0]! : name;
  return [`${label}: ${shown(name, value, locale)}`];
}

function shown(name: string, value: unknown, locale: Locale): string {
  if (typeof value === 'boolean') {
    return translate(locale, value ? 'page.actions.on' : 'client.mode.off');
  }
  if (SPANS.has(name) && typeof value === 'number') {
    return value === 0
      ? translate(locale, 'client.mode.off')
      : new Intl.NumberFormat(locale, { style: 'unit', unit: 'second', unitDisplay: 'long' }).format(value);
  }
  return plain(value);
}

const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
