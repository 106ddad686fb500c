import { Body, Controller, Get, Param, Post } from '@nestjs/common';

import type { KeptSessionView } from '../../protocol/views.js';
import { Answers } from '../../common/answers.decorator.js';
import { CurrentViewer, Public } from '../../common/decorators.js';
import type { Viewer } from '../../common/viewer.js';
import { StartSessionDto } from './event-session.dto.js';
import { EventSessionsService } from './event-sessions.service.js';

/** Events of a room: its staff start and end them, everybody may look back. */
@Controller('api/rooms/:slug/sessions')
export class EventSessionsController {
  constructor(private readonly sessions: EventSessionsService) {}

  @Get()
  @Public()
  @Answers('Events of a room, the newest first', { 200: { sessions: ['KeptSession'] } }, 'not-found')
  async list(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
  ): Promise<{ sessions: KeptSessionView[] }> {
    return { sessions: await this.sessions.list(viewer, slug) };
  }

  @Post()
  @Answers(
    'Start an event, with an empty chat',
    { 201: { session: 'KeptSession' } },
    'auth.forbidden',
    'not-found',
    'session.live',
  )
  async start(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Body() wanted: StartSessionDto,
  ): Promise<{ session: KeptSessionView }> {
    return { session: await this.sessions.start(viewer, slug, wanted) };
  }

  @Post('end')
  @Answers('End the event', { 201: { session: 'KeptSession' } }, 'auth.forbidden', 'not-found')
  async end(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
  ): Promise<{ session: KeptSessionView }> {
    return { session: await this.sessions.end(viewer, slug) };
  }
}
