import { Controller, Get, Inject, Render, Res, UseInterceptors } from '@nestjs/common';
import type { Response } from 'express';

import { RoomsService } from '../chat/rooms/rooms.service.js';
import { contentSecurityPolicy } from '../common/content-security-policy.js';
import { CurrentViewer, Roles } from '../common/decorators.js';
import type { Viewer } from '../common/viewer.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { adminPage } from './admin-page.js';
import type { PageModel } from './page-frame.js';
import { PageLocalsInterceptor } from './page-locals.interceptor.js';

/** Where an administrator makes the address of an overlay and the snippet of an embed. */
@Controller('admin/share')
@Roles('admin')
@UseInterceptors(PageLocalsInterceptor)
export class SharePages {
  constructor(
    private readonly rooms: RoomsService,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  @Get()
  @Render('admin/share')
  async show(
    @CurrentViewer() viewer: Viewer,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PageModel> {
    // The previews are frames of our own.
    response.setHeader('Content-Security-Policy', contentSecurityPolicy({ 'frame-src': "'self'" }));
    const streams = (await this.rooms.list(viewer)).filter(
      ({ kind, archived }) => kind === 'stream' && !archived,
    );
    return {
      ...adminPage(viewer, '/admin/share'),
      scripts: ['/js/share-page.js'],
      sites: this.config.embedSites.join(', '),
      streams: streams.map(({ slug, title }) => ({ slug, title })),
      first: streams[0]?.slug ?? 'main',
    };
  }
}
