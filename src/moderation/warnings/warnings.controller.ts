import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';

import type { GivenWarningView, WarningView } from '../../protocol/views.js';
import { Answers } from '../../common/answers.decorator.js';
import { CurrentViewer, Public } from '../../common/decorators.js';
import type { Viewer } from '../../common/viewer.js';
import { WarnDto } from './warning.dto.js';
import { WarningsService } from './warnings.service.js';

/** Warnings in a room: given by its staff, read and acknowledged by whom they are for, who may be a guest. */
@Controller('api/rooms/:slug/warnings')
export class WarningsController {
  constructor(private readonly warnings: WarningsService) {}

  @Get()
  @Public()
  @Answers(
    'What one has yet to acknowledge here',
    { 200: { warnings: ['Warning'] } },
    'auth.required',
    'not-found',
  )
  async own(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
  ): Promise<{ warnings: WarningView[] }> {
    return { warnings: await this.warnings.own(viewer, slug) };
  }

  @Post()
  @Answers('Warn somebody', { 201: { warning: 'GivenWarning' } }, 'auth.forbidden', 'not-found')
  async warn(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Body() words: WarnDto,
  ): Promise<{ warning: GivenWarningView }> {
    return { warning: await this.warnings.warn(viewer, slug, words) };
  }

  @Post(':id/acknowledge')
  @Public()
  @Answers('Acknowledge a warning, and those before it', { 204: null }, 'auth.required', 'not-found')
  @HttpCode(204)
  async acknowledge(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('id') id: string,
  ): Promise<void> {
    await this.warnings.acknowledge(viewer, slug, id);
  }
}
