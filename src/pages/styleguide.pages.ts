import { Controller, Get, Inject, Render, UseInterceptors } from '@nestjs/common';

import { CurrentViewer, Public } from '../common/decorators.js';
import { DomainError } from '../common/errors.js';
import type { Viewer } from '../common/viewer.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import type { PageModel } from './page-frame.js';
import { PageLocalsInterceptor } from './page-locals.interceptor.js';
import { styleguideRows } from './styleguide-rows.js';

/** Every component in every state, for those who work on them; in production it is not there. */
@Controller('styleguide')
@Public()
@UseInterceptors(PageLocalsInterceptor)
export class StyleguidePages {
  constructor(@Inject(APP_CONFIG) private readonly config: AppConfig) {}

  @Get()
  @Render('styleguide')
  show(@CurrentViewer() viewer: Viewer): PageModel {
    if (this.config.production) {
      throw new DomainError('not-found');
    }
    return {
      title: 'Styleguide',
      mainClass: 'page',
      styles: ['/css/styleguide.css'],
      themes: ['light', 'dark'].map((theme) => ({ theme, ...styleguideRows(viewer.locale) })),
    };
  }
}
