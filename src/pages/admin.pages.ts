import { Controller, Get, Query, Render, UseInterceptors } from '@nestjs/common';

import type { Role } from '../protocol/views.js';
import { RoomsService } from '../chat/rooms/rooms.service.js';
import { CurrentViewer, Roles } from '../common/decorators.js';
import { hueOf } from '../common/hue.js';
import { translate } from '../common/i18n/translate.js';
import type { Account, Viewer } from '../common/viewer.js';
import { Hub } from '../realtime/hub.js';
import { UsersPageDto } from '../users/dto/users-page.dto.js';
import { UsersService } from '../users/users.service.js';
import { AdminRoomsView } from './admin-rooms-view.js';
import { adminPage } from './admin-page.js';
import { AiAdminView } from './ai-admin-view.js';
import { AiPageDto } from './dto/ai-page.dto.js';
import { hueClass, initialOf } from './message-row.js';
import type { PageModel } from './page-frame.js';
import { PageLocalsInterceptor } from './page-locals.interceptor.js';
import { cardOf } from './room-lists.js';

const ROLES: readonly Role[] = ['user', 'moderator', 'admin'];

@Controller('admin')
@Roles('admin')
@UseInterceptors(PageLocalsInterceptor)
export class AdminPages {
  constructor(
    private readonly rooms: RoomsService,
    private readonly users: UsersService,
    private readonly hub: Hub,
    private readonly ai: AiAdminView,
    private readonly roomsView: AdminRoomsView,
  ) {}

  @Get()
  @Render('admin/overview')
  async overview(@CurrentViewer() viewer: Viewer): Promise<PageModel> {
    const { locale } = viewer;
    const rooms = (await this.rooms.list(viewer)).filter((room) => !room.archived);
    const views = rooms.map((room) => this.rooms.present(room));
    const figure = (name: string, label: string, value: number) => ({
      name,
      label,
      value: value.toLocaleString(locale),
    });
    return {
      ...adminPage(viewer, '/admin'),
      figures: [
        figure(
          'people',
          translate(locale, 'page.admin.here'),
          views.reduce((sum, { presence }) => sum + presence.count, 0),
        ),
        figure('sockets', translate(locale, 'page.admin.sockets'), this.hub.size),
        figure('rooms', translate(locale, 'page.admin.open-rooms'), views.length),
      ],
      rooms: views.sort((a, b) => b.presence.count - a.presence.count).map((view) => cardOf(view)),
    };
  }

  @Get('people')
  @Render('admin/people')
  async people(@CurrentViewer() viewer: Viewer, @Query() query: UsersPageDto): Promise<PageModel> {
    const { accounts, more } = await this.users.page(query);
    const last = accounts.at(-1);
    return {
      ...adminPage(viewer, '/admin/people'),
      q: query.q ?? '',
      people: accounts.map((account) => personRow(account, viewer)),
      more: more && last ? `?${new URLSearchParams({ q: query.q ?? '', after: last.id }).toString()}` : '',
    };
  }

  @Get('rooms')
  @Render('admin/rooms')
  listRooms(@CurrentViewer() viewer: Viewer): Promise<PageModel> {
    return this.roomsView.model(viewer);
  }

  /** `day`: whose use is shown. */
  @Get('ai')
  @Render('admin/ai')
  async setUpAi(@CurrentViewer() viewer: Viewer, @Query() { day, done }: AiPageDto): Promise<PageModel> {
    const said = done === 'saved' ? translate(viewer.locale, 'page.ai.saved') : '';
    return { ...(await this.ai.model(viewer, day)), done: said, tested: done === 'tested' };
  }
}

function personRow(account: Account, viewer: Viewer) {
  return {
    id: account.id,
    nickname: account.nickname,
    username: account.username,
    initial: initialOf(account.nickname),
    hueClass: hueClass(hueOf(account.id)),
    self: account.id === viewer.account?.id,
    roles: ROLES.map((role) => ({
      value: role,
      label: translate(viewer.locale, `page.role.${role}`),
      chosen: role === account.role,
    })),
  };
}
