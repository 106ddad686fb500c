import { Controller, Get, Query, Render, UseInterceptors } from '@nestjs/common';

import { CurrentViewer, Public } from '../common/decorators.js';
import { translate } from '../common/i18n/translate.js';
import { safeNext } from '../common/safe-next.js';
import type { Viewer } from '../common/viewer.js';
import { AccountViews } from './account-views.js';
import type { PageModel } from './page-frame.js';
import { PageLocalsInterceptor } from './page-locals.interceptor.js';

@Controller('user')
@UseInterceptors(PageLocalsInterceptor)
export class AccountPages {
  constructor(private readonly views: AccountViews) {}

  @Get('login')
  @Public()
  @Render('login')
  login(@CurrentViewer() viewer: Viewer, @Query('next') next?: unknown): PageModel {
    return this.views.login(viewer, safeNext(next, ''));
  }

  @Get('register')
  @Public()
  @Render('register')
  register(@CurrentViewer() viewer: Viewer, @Query('next') next?: unknown): PageModel {
    return this.views.register(viewer, safeNext(next, ''));
  }

  @Get('settings')
  @Render('settings')
  async settings(@CurrentViewer() viewer: Viewer, @Query('done') done?: unknown): Promise<PageModel> {
    const said = done === 'password' ? translate(viewer.locale, 'page.settings.password-done') : '';
    return { ...(await this.views.settings(viewer)), done: said };
  }
}
