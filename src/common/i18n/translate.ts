import { createInstance, type FormatterModule, type TFunction } from 'i18next';

import type { Locale } from '../../protocol/views.js';
import { en } from './en.js';
import { ko } from './ko.js';

/** A key of the catalogue, plural forms (`…_one`, `…_other`) under their common name. */
export type MessageKey = Singular<keyof typeof en>;
type Singular<Key extends string> = Key extends `${infer Base}_one` | `${infer Base}_other` ? Base : Key;

/** True if the catalogue has a sentence for this key. */
export function isMessageKey(key: unknown): key is MessageKey {
  return typeof key === 'string' && (Object.hasOwn(en, key) || Object.hasOwn(en, `${key}_other`));
}

export const LOCALES: readonly Locale[] = ['ko', 'en'];

/** Numbers are grouped as the language does; all else stays as it is. */
const formatter: FormatterModule = {
  type: 'formatter',
  init: () => {},
  add: () => {},
  addCached: () => {},
  format: (value: unknown, _format, language) =>
    typeof value === 'number' ? value.toLocaleString(language) : String(value),
};

const i18n = createInstance().use(formatter);
// Keys are flat (`error.name.taken`), so neither separator may split them; Handlebars and textContent escape.
void i18n.init({
  lng: 'en',
  fallbackLng: 'en',
  initAsync: false,
  keySeparator: false,
  nsSeparator: false,
  interpolation: {
    escapeValue: false,
    prefix: '{',
    suffix: '}',
    alwaysFormat: true,
  },
  resources: { en: { translation: en }, ko: { translation: ko } },
});

const byLocale: Record<Locale, TFunction> = { ko: i18n.getFixedT('ko'), en: i18n.getFixedT('en') };

/** The sentence for a key in one language; `{name}` placeholders are filled from `params`, `count` picks the plural. */
export function translate(
  locale: Locale,
  key: MessageKey,
  params: Record<string, string | number> = {},
): string {
  return byLocale[locale](key, params);
}

/**
 * The first language of an Accept-Language header that we speak; English when there is none.
 * Quality values order the list as RFC 9110 §12.5.4 says; malformed ones count as 0.
 */
export function localeFromHeader(header: string | undefined): Locale {
  const wishes = (header ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', ...params] = part.trim().toLowerCase().split(';');
      const q = params.map((param) => param.trim()).find((param) => param.startsWith('q='));
      return { language: tag.split('-')[0], quality: q === undefined ? 1 : Number(q.slice(2)) || 0 };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);

  for (const { language } of wishes) {
    const known = LOCALES.find((locale) => locale === language);
    if (known) {
      return known;
    }
  }
  return 'en';
}
