import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { en } from '../src/common/i18n/en.js';
import { ko } from '../src/common/i18n/ko.js';

const english: Record<string, string> = en;
const korean: Record<string, string> = ko;
const keys = Object.keys(english);
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort();
const read = (folder: string, ending: RegExp) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => ending.test(path))
    .map((path) => readFileSync(`${folder}/${path}`, 'utf8'));

const views = read('views', /\.hbs$/).join('\n');
const server = read('src', /(?<!\/(?:en|ko)|\.spec)\.ts$/).join('\n');
const browser = read('public/js', /\.js$/).join('\n');

const quoted = (code: string, name: string) => code.includes(`'${name}'`);
/** Keys that code makes from parts: `page.role.${role}` stands for all that begin and end so. */
const made = (code: string) =>
  [...code.matchAll(/`([a-z]+\.[^`\s]*\$\{[^`]*)`/g)].map(
    ([, text]) =>
      new RegExp(
        `^${text!
          .split(/\$\{[^}]*\}/)
          .map((part) => part.replaceAll(/[.*+?^$()|[\]\\{}]/g, '\\$&'))
          .join('.+')}$`,
      ),
  );

describe('the catalogues', () => {
  it('have the same keys in the same order', () => {
    expect(Object.keys(korean)).toEqual(keys);
  });

  it.each(keys)('fill the same placeholders in %s', (key) => {
    expect(placeholders(korean[key]!)).toEqual(placeholders(english[key]!));
    expect(korean[key]!.trim()).not.toBe('');
  });

  it('say nothing that nobody says', () => {
    const said = (key: string) => {
      const name = key.replace(/_(?:one|other)$/, '');
      return (
        quoted(views, name) ||
        quoted(server, name) ||
        made(server).some((pattern) => pattern.test(name)) ||
        (name.startsWith('client.') && saidInBrowser(name.slice('client.'.length)))
      );
    };
    const saidInBrowser = (name: string) =>
      quoted(browser, name) || made(browser).some((pattern) => pattern.test(name));
    expect(keys.filter((key) => !said(key))).toEqual([]);
  });

  it('have every sentence that a template says', () => {
    const asked = [...views.matchAll(/[({]t '([^']+)'/g)].map(([, key]) => key!);
    expect(asked.length).toBeGreaterThan(50);
    expect(asked.filter((key) => !(key in english) && !(`${key}_other` in english))).toEqual([]);
  });

  it('are the only place where templates get words from', () => {
    const texts = read('views', /(?<!styleguide)\.hbs$/)
      .map((text) => text.replaceAll(/\{\{!--[\s\S]*?--\}\}|\{\{[^}]*\}\}|<[^>]*>/g, ' '))
      .join('\n');
    expect(texts.match(/[\p{L}]{2,}/gu) ?? []).toEqual([]);
  });
});
