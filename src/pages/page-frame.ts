import { Injectable } from '@nestjs/common';
import type { Request } from 'express';

import type { Locale } from '../protocol/views.js';
import { hueOf } from '../common/hue.js';
import { en } from '../common/i18n/en.js';
import { ko } from '../common/i18n/ko.js';
import { translate } from '../common/i18n/translate.js';
import { safeNext } from '../common/safe-next.js';
import { hasRole, type Viewer } from '../common/viewer.js';
import { hueClass } from './message-row.js';

/** What a page's own handler returns: plain values, never an entity, a request or anything spread from one. */
export interface PageModel {
  title: string;
  description?: string;
  /** Entries in `public`, such as `/js/room-page.js`. */
  scripts?: readonly string[];
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
  /** The whole view model. `layout` comes last: a model that carried one of its own could name any file. */
  locals(model: PageModel, request: Request, viewer: Viewer): Record<string, unknown> {
    const { locale, account } = viewer;
    const path = request.path;
    const here = safeNext(request.originalUrl, '/');
    return {
      ...model,
      locale,
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
export function stringsFor(locale: Locale): string {
  return STRINGS[locale];
}

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
    ...(hasRole(viewer, 'admin')
      ? [link('/admin', translate(locale, 'page.nav.admin'), path.startsWith('/admin'))]
      : []),
  ];
}
