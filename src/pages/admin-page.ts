import { translate } from '../common/i18n/translate.js';
import { hasRole, type Viewer } from '../common/viewer.js';
import type { PageModel } from './page-frame.js';

/** What every page for the server's staff has: its tabs, and which of them it is. */
export function adminPage(viewer: Viewer, here: string): PageModel {
  const { locale } = viewer;
  const bans = { href: '/admin/bans', label: translate(locale, 'page.admin.bans') };
  const tabs = hasRole(viewer, 'admin')
    ? [
        { href: '/admin', label: translate(locale, 'page.admin.overview') },
        { href: '/admin/people', label: translate(locale, 'page.admin.people') },
        { href: '/admin/rooms', label: translate(locale, 'page.admin.rooms') },
        bans,
        { href: '/admin/addresses', label: translate(locale, 'page.admin.addresses') },
        { href: '/admin/terms', label: translate(locale, 'page.admin.terms') },
        { href: '/admin/actions', label: translate(locale, 'page.admin.actions') },
        { href: '/admin/share', label: translate(locale, 'page.share.title') },
        { href: '/admin/ai', label: translate(locale, 'page.admin.ai') },
      ]
    : [bans];
  return {
    title: translate(locale, 'page.admin.title'),
    scripts: ['/js/admin-page.js'],
    mainClass: 'page',
    tabs: tabs.map((tab) => ({ ...tab, current: tab.href === here })),
  };
}
