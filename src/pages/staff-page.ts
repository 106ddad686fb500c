import { translate } from '../common/i18n/translate.js';
import { hasRole, type Viewer } from '../common/viewer.js';
import type { Room } from '../chat/rooms/room.entity.js';
import { adminPage } from './admin-page.js';
import type { PageModel } from './page-frame.js';
import { pathOf } from './room-lists.js';

export type StaffPage = 'bans' | 'terms' | 'emotes' | 'addresses' | 'actions';

/** What every page of staff has: of one room, its tabs and the way back; of the whole server, those of administrators. */
export function staffPage(viewer: Viewer, room: Room | null, here: StaffPage): PageModel {
  const { locale } = viewer;
  if (room === null) {
    const page = adminPage(viewer, `/admin/${here}`);
    return { ...page, api: '/api', here: `/admin/${here}`, live: true };
  }
  const base = `/rooms/${encodeURIComponent(room.slug)}`;
  const tabs = (['bans', 'terms', 'emotes', 'actions'] as const).map((page) => ({
    href: `${base}/${page}`,
    label: translate(locale, `page.admin.${page}`),
    current: page === here,
  }));
  return {
    title: translate(locale, 'page.staff.title', { title: room.title }),
    scripts: ['/js/admin-page.js'],
    mainClass: 'page',
    tabs: [{ href: pathOf(room), label: translate(locale, 'page.staff.back'), current: false }, ...tabs],
    api: `/api${base}`,
    here: `${base}/${here}`,
    admin: hasRole(viewer, 'admin'),
  };
}
