import { Controller, Get, Param, Query, Render, UseInterceptors } from '@nestjs/common';

import { HistoryQueryDto } from '../chat/messages/history.dto.js';
import { CurrentViewer, Public } from '../common/decorators.js';
import type { Viewer } from '../common/viewer.js';
import type { PageModel } from './page-frame.js';
import { PageLocalsInterceptor } from './page-locals.interceptor.js';
import { SessionViews } from './session-views.js';

/** Events of a room to look back at: nothing is written there. */
@Controller('rooms/:slug/sessions')
@Public()
@UseInterceptors(PageLocalsInterceptor)
export class SessionPages {
  constructor(private readonly views: SessionViews) {}

  @Get()
  @Render('sessions')
  list(@CurrentViewer() viewer: Viewer, @Param('slug') slug: string): Promise<PageModel> {
    return this.views.list(viewer, slug);
  }

  /** `after`: a seq; what was said from there on. */
  @Get(':id')
  @Render('session')
  show(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('id') id: string,
    @Query() { after }: HistoryQueryDto,
  ): Promise<PageModel> {
    return this.views.show(viewer, slug, id, after);
  }
}
