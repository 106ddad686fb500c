import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { NestExpressApplication } from '@nestjs/platform-express';
import Handlebars from 'handlebars';
import hbs from 'hbs';

import type { Locale } from '../protocol/views.js';
import { isMessageKey, translate } from '../common/i18n/translate.js';
import type { Assets } from './assets.js';

/** The helpers read the page's language from the root of every view model. */
interface Root {
  locale: Locale;
}

/**
 * Makes the templates of a folder renderable, with the helpers `{{t 'page.key' name=…}}`, a sentence in the page's language;
 * `{{asset '/css/site.css'}}`, an address that may be cached for ever; `modules`, all that a page's scripts import; `concat`; `same`,
 * whether two values are; and `or`, the first of two that is not empty.
 */
export function configureViews(app: NestExpressApplication, views: string, assets: Assets): void {
  const handlebars = Handlebars.create();
  handlebars.registerHelper('t', (key: unknown, options: Handlebars.HelperOptions) => {
    if (!isMessageKey(key)) {
      throw new Error(`No such sentence: ${String(key)}`);
    }
    const root: Root = options.data.root;
    return translate(root.locale, key, options.hash);
  });
  handlebars.registerHelper('asset', (path: string) => assets.addressOf(path));
  handlebars.registerHelper('modules', (entries: string[] = [], parts: string[] = []) =>
    assets.modulesOf(entries, parts),
  );
  handlebars.registerHelper('same', (one: unknown, other: unknown) => one === other);
  handlebars.registerHelper('concat', (...parts: unknown[]) => parts.slice(0, -1).join(''));
  handlebars.registerHelper('or', (first: unknown, second: unknown) => first || second);
  const partials = join(views, 'partials');
  for (const file of readdirSync(partials)) {
    handlebars.registerPartial(file.replace(/\.hbs$/, ''), readFileSync(join(partials, file), 'utf8'));
  }

  const engine = hbs.create(handlebars);
  // oxlint-disable-next-line no-underscore-dangle -- what Express calls an engine's function
  app.engine('hbs', (...render: Parameters<typeof engine.__express>) => engine.__express(...render));
  app.setViewEngine('hbs');
  app.setBaseViewsDir(views);
}
