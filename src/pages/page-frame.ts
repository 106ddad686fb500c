import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';

import { hueOf } from '../common/hue.js';
import { en } from '../common/i18n/en.js';
import { ko } from '../common/i18n/ko.js';
import { translate } from '../common/i18n/translate.js';
import { safeNext } from '../common/safe-next.js';
import { hasRole, isStaff, type Viewer } from '../common/viewer.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { hueClass } from './message-row.js';

/** What a page's own handler returns: plain values, never an entity, a request or anything spread from one. */
export interface PageModel {
  title: string;
  description?: string;
  /** Entries in `public`, such as `/js/room-page.js`. */
  scripts?: readonly string[];
  /** A classic script that must have run before the first paint. */
  early?: string;
  /** Stylesheets beyond those of every page. */
  styles?: readonly string[];
  bodyClass?: string;
  mainClass?: string;
  layout?: 'main' | 'bare';
  [own: string]: unknown;
}

const STRINGS = { ko: clientStrings(ko), en: clientStrings(en) };

/** What the frame around every page needs to know: who is looking, in which language, and where they are. */
@Injectable()
export class PageFrame {
  constructor(@Inject(APP_CONFIG) private readonly config: AppConfig) {}

  /** The whole view model. `layout` comes last: a model that carried one of its own could name any file. */
  locals(model: PageModel, request: Request, viewer: Viewer): Record<string, unknown> {
    const { locale, account } = viewer;
    const path = request.path;
    const here = safeNext(request.originalUrl, '/');
    const origin = this.config.publicUrl ?? `${request.protocol}://${request.get('host') ?? 'localhost'}`;
    return {
      description: translate(locale, 'page.home.lead'),
      ...model,
      locale,
      // What a link that is shared says of itself must be absolute; the path alone, as a query may be private.
      origin,
      address: origin + path,
      viewer: account && {
        nickname: account.nickname,
        username: account.username,
        hueClass: hueClass(hueOf(account.id)),
      },
      admin: hasRole(viewer, 'admin'),
      nav: links(viewer, path),
      onSettings: path === '/user/settings',
      onLogin: path === '/user/login',
      // Whoever logs in from a page comes back to it; not to the forms themselves.
      nextQuery:
        model.nextQuery ?? (path.startsWith('/user/') || here === '/' ? '' : encodeURIComponent(here)),
      strings: STRINGS[locale],
      layout: `layouts/${model.layout ?? 'main'}`,
    };
  }
}

/** All `client.*` sentences of one language as JSON, keyed without the prefix: what the browser's code says. */
function clientStrings(catalogue: Record<string, string>): string {
  const own = Object.entries(catalogue).filter(([key]) => key.startsWith('client.'));
  return JSON.stringify(Object.fromEntries(own.map(([key, text]) => [key.slice('client.'.length), text])));
}

function links(viewer: Viewer, path: string) {
  const link = (href: string, label: string, current: boolean) => ({ href, label, current });
  const { locale } = viewer;
  return [
    link('/streaming', translate(locale, 'page.nav.live'), path.startsWith('/streaming')),
    link('/chat/lobby', translate(locale, 'page.nav.lobby'), path.startsWith('/chat/')),
    ...(isStaff(viewer)
      ? [
          link(
            hasRole(viewer, 'admin') ? '/admin' : '/admin/bans',
            translate(locale, 'page.nav.admin'),
            path.startsWith('/admin'),
          ),
        ]
      : []),
  ];
}
