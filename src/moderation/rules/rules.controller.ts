import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';

import type { RulesView } from '../../protocol/views.js';
import { Answers } from '../../common/answers.decorator.js';
import { CurrentViewer, Public } from '../../common/decorators.js';
import type { Viewer } from '../../common/viewer.js';
import { ReadRulesDto } from './rules.dto.js';
import { RulesService } from './rules.service.js';

/** What is to be read before one writes in a room: by guests, too, where they may write. */
@Controller('api/rooms/:slug/rules')
@Public()
export class RulesController {
  constructor(private readonly rules: RulesService) {}

  @Get()
  @Answers('The welcome and the rules of a room', { 200: { rules: 'Rules' } }, 'not-found')
  async show(@CurrentViewer() viewer: Viewer, @Param('slug') slug: string): Promise<{ rules: RulesView }> {
    return { rules: await this.rules.show(viewer, slug) };
  }

  @Post('accept')
  @Answers(
    'Say that one has read the rules of a room',
    { 204: null },
    'auth.required',
    'not-found',
    'rules.unread',
  )
  @HttpCode(204)
  async accept(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Body() { id }: ReadRulesDto,
  ): Promise<void> {
    await this.rules.accept(viewer, slug, id);
  }
}
