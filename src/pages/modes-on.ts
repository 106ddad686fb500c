import type { Locale, RoomSettings } from '../protocol/views.js';
import { translate } from '../common/i18n/translate.js';

/** The modes of a room that are on, in words; `public/js/modes.js` says the same of what changes. */
export function modesOn(settings: RoomSettings, locale: Locale): string[] {
  const { slowMode, established, delay } = settings;
  const flags = (['hostsOnly', 'noLinks', 'noDuplicates', 'emojiOnly', 'guests', 'hold'] as const).filter(
    (name) => settings[name],
  );
  return [
    ...(settings.shield ? [translate(locale, 'client.mode.shield')] : []),
    ...(slowMode > 0 ? [translate(locale, 'client.mode.slow', { time: span(slowMode, locale) })] : []),
    ...(delay > 0 ? [translate(locale, 'client.mode.delay', { time: span(delay, locale) })] : []),
    ...flags.map((name) => translate(locale, `client.mode.${NAMES[name]}`)),
    ...(settings.aiWatch === 'off' ? [] : [translate(locale, 'client.mode.ai-watch')]),
    ...(established > 0
      ? [translate(locale, 'client.mode.established', { time: span(established, locale) })]
      : []),
  ];
}

const NAMES = {
  hostsOnly: 'hosts-only',
  noLinks: 'no-links',
  noDuplicates: 'no-duplicates',
  emojiOnly: 'emoji-only',
  guests: 'guests',
  hold: 'hold',
} as const;

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** A span of time in the largest unit that it is whole in. */
function span(seconds: number, locale: Locale): string {
  const [unit, size] = UNITS.find(([, length]) => seconds % length === 0) ?? ['second', 1];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(seconds / size);
}
