/**
 * The sentences of the page's language, which the server has put into the page.
 * @typedef {(key: string, params?: Record<string, string | number>) => string} Translate
 */

/**
 * Fills `{name}` placeholders; numbers are written as the language writes them, and `{count}` picks the plural form.
 * @param {Record<string, string>} sentences keyed without `client.`
 * @param {string} locale
 * @returns {Translate} a key that is not there comes back as itself
 */
export function translator(sentences, locale) {
  const plurals = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  return (key, params = {}) => {
    const plural = typeof params['count'] === 'number' ? plurals.select(params['count']) : 'other';
    const sentence = sentences[key] ?? sentences[`${key}_${plural}`] ?? sentences[`${key}_other`] ?? key;
    return sentence.replaceAll(/\{(\w+)\}/g, (placeholder, name) => {
      const value = params[name];
      return typeof value === 'number' ? numbers.format(value) : (value ?? placeholder);
    });
  };
}
