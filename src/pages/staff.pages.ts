import { Controller, Get, Param, Query, Render, UseInterceptors } from '@nestjs/common';

import { CurrentViewer, Roles } from '../common/decorators.js';
import type { Viewer } from '../common/viewer.js';
import { ActionsQueryDto } from '../moderation/actions/action.dto.js';
import { SanctionsQueryDto } from '../moderation/sanctions/sanction.dto.js';
import type { PageModel } from './page-frame.js';
import { PageLocalsInterceptor } from './page-locals.interceptor.js';
import { StaffViews } from './staff-views.js';

/** The whole server's pages for its staff. */
@Controller('admin')
@UseInterceptors(PageLocalsInterceptor)
export class StaffPages {
  constructor(private readonly views: StaffViews) {}

  @Get('bans')
  @Roles('moderator')
  @Render('staff/bans')
  bans(@CurrentViewer() viewer: Viewer, @Query() query: SanctionsQueryDto): Promise<PageModel> {
    return this.views.bans(viewer, null, query);
  }

  @Get('addresses')
  @Roles('admin')
  @Render('staff/addresses')
  addresses(@CurrentViewer() viewer: Viewer): Promise<PageModel> {
    return this.views.addressList(viewer);
  }

  @Get('terms')
  @Roles('admin')
  @Render('staff/terms')
  terms(@CurrentViewer() viewer: Viewer): Promise<PageModel> {
    return this.views.termList(viewer, null);
  }

  @Get('actions')
  @Roles('admin')
  @Render('staff/actions')
  actions(@CurrentViewer() viewer: Viewer, @Query() query: ActionsQueryDto): Promise<PageModel> {
    return this.views.actions(viewer, null, query);
  }
}

/** The same of one room, for its staff: the services know who is. */
@Controller('rooms/:slug')
@UseInterceptors(PageLocalsInterceptor)
export class RoomStaffPages {
  constructor(private readonly views: StaffViews) {}

  @Get('bans')
  @Render('staff/bans')
  bans(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Query() query: SanctionsQueryDto,
  ): Promise<PageModel> {
    return this.views.bans(viewer, slug, query);
  }

  @Get('terms')
  @Render('staff/terms')
  terms(@CurrentViewer() viewer: Viewer, @Param('slug') slug: string): Promise<PageModel> {
    return this.views.termList(viewer, slug);
  }

  @Get('emotes')
  @Render('staff/emotes')
  emotes(@CurrentViewer() viewer: Viewer, @Param('slug') slug: string): Promise<PageModel> {
    return this.views.emoteList(viewer, slug);
  }

  @Get('actions')
  @Render('staff/actions')
  actions(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Query() query: ActionsQueryDto,
  ): Promise<PageModel> {
    return this.views.actions(viewer, slug, query);
  }
}
