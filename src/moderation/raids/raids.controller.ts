import { Body, Controller, Delete, HttpCode, Param, Post } from '@nestjs/common';

import type { RaidView } from '../../protocol/views.js';
import { Answers } from '../../common/answers.decorator.js';
import { CurrentViewer } from '../../common/decorators.js';
import type { Viewer } from '../../common/viewer.js';
import { StartRaidDto } from './raid.dto.js';
import { RaidsService } from './raids.service.js';

/** Staff of a room lead its viewers to another one. */
@Controller('api/rooms/:slug/raid')
export class RaidsController {
  constructor(private readonly raids: RaidsService) {}

  @Post()
  @Answers(
    'Lead the viewers to another room',
    { 201: { raid: 'Raid' } },
    'auth.forbidden',
    'not-found',
    'raid.target',
    'raid.on',
    'room.read-only',
  )
  async start(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Body() wanted: StartRaidDto,
  ): Promise<{ raid: RaidView }> {
    return { raid: await this.raids.start(viewer, slug, wanted) };
  }

  @Delete()
  @Answers('Lead them nowhere', { 204: null }, 'auth.forbidden', 'not-found')
  @HttpCode(204)
  async stop(@CurrentViewer() viewer: Viewer, @Param('slug') slug: string): Promise<void> {
    await this.raids.stop(viewer, slug);
  }
}
