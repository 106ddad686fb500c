import { Controller, Get, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';

import type { HeldView } from '../../protocol/views.js';
import { Answers } from '../../common/answers.decorator.js';
import { CurrentViewer } from '../../common/decorators.js';
import { DomainError } from '../../common/errors.js';
import type { Viewer } from '../../common/viewer.js';
import type { Stored } from '../../chat/messages/messages.service.js';
import { HeldService } from './held.service.js';

const Id = () => Param('id', new ParseUUIDPipe({ exceptionFactory: () => new DomainError('not-found') }));

/** What waits for review in a room, for its staff: the service knows who is. */
@Controller('api/rooms/:slug/held')
export class HeldController {
  constructor(private readonly held: HeldService) {}

  @Get()
  @Answers('What waits for review here', { 200: { held: ['Held'] } }, 'auth.forbidden', 'not-found')
  async list(@CurrentViewer() viewer: Viewer, @Param('slug') slug: string): Promise<{ held: HeldView[] }> {
    return { held: await this.held.list(viewer, slug) };
  }

  @Post(':id/approve')
  @Answers('Post a message that waits', { 200: 'Posted' }, 'auth.forbidden', 'not-found')
  @HttpCode(200)
  async approve(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Id() id: string,
  ): Promise<Stored> {
    return this.held.approve(viewer, slug, id);
  }

  @Post(':id/deny')
  @Answers('Never post a message that waits', { 204: null }, 'auth.forbidden', 'not-found')
  @HttpCode(204)
  async deny(@CurrentViewer() viewer: Viewer, @Param('slug') slug: string, @Id() id: string): Promise<void> {
    await this.held.deny(viewer, slug, id);
  }
}
