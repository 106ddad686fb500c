import { Injectable } from '@nestjs/common';

import type { SessionView } from '../protocol/views.js';
import { SessionsService, signedIn } from '../auth/sessions.service.js';
import { translate } from '../common/i18n/translate.js';
import type { Viewer } from '../common/viewer.js';
import { deviceOf } from './device.js';
import type { PageModel } from './page-frame.js';
import { dayTime } from './times.js';

/** What the pages about one's account show. */
@Injectable()
export class AccountViews {
  constructor(private readonly sessions: SessionsService) {}

  login({ locale }: Viewer, next = ''): PageModel {
    return { title: translate(locale, 'page.login.submit'), mainClass: 'center-page', ...wish(next) };
  }

  register({ locale }: Viewer, next = ''): PageModel {
    return { title: translate(locale, 'page.register.submit'), mainClass: 'center-page', ...wish(next) };
  }

  async settings(viewer: Viewer): Promise<PageModel> {
    const { locale, account } = signedIn(viewer);
    const sessions = await this.sessions.list(signedIn(viewer));
    return {
      title: translate(locale, 'page.settings.title'),
      scripts: ['/js/settings-page.js'],
      mainClass: 'page narrow',
      languages: [
        { value: '', label: translate(locale, 'page.settings.language-browser') },
        { value: 'ko', label: '한국어' },
        { value: 'en', label: 'English' },
      ].map((language) => ({ ...language, chosen: language.value === (account.locale ?? '') })),
      sessions: sessions
        .sort((a, b) => Number(b.current) - Number(a.current) || b.seenAt.localeCompare(a.seenAt))
        .map((session) => sessionRow(session, viewer)),
      others: sessions.some(({ current }) => !current),
    };
  }
}

/** The form carries the wish on; so does the link to the other form. */
function wish(next: string) {
  return { next, nextQuery: encodeURIComponent(next) };
}

function sessionRow({ id, current, agent, createdAt, seenAt }: SessionView, { locale }: Viewer) {
  return {
    id,
    current,
    agent: deviceOf(agent) ?? translate(locale, 'page.settings.unknown-device'),
    createdAt,
    created: dayTime(createdAt, locale),
    seenAt,
    seen: dayTime(seenAt, locale),
  };
}
