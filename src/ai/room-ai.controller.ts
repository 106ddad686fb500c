import { Body, Controller, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';

import { Answers } from '../common/answers.decorator.js';
import { CurrentViewer, Form, Roles } from '../common/decorators.js';
import type { Viewer } from '../common/viewer.js';
import { RoomAiDto } from './dto/settings.dto.js';
import { PersonasService } from './settings/personas.service.js';

/** The AI in one room, for staff. */
@Controller('api/rooms/:slug/ai')
@Roles('moderator')
export class RoomAiController {
  constructor(private readonly personas: PersonasService) {}

  @Get()
  @Answers('Who the AI is in a room', { 200: { persona: 'Text' } }, 'not-found')
  async show(@CurrentViewer() viewer: Viewer, @Param('slug') slug: string): Promise<{ persona: string }> {
    return { persona: await this.personas.ofRoom(viewer, slug) };
  }

  @Patch()
  @Answers('Say who the AI is in a room', { 200: { persona: 'Text' } }, 'not-found')
  async change(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Body() { persona }: RoomAiDto,
  ): Promise<{ persona: string }> {
    return { persona: await this.personas.setOfRoom(viewer, slug, persona) };
  }

  @Post()
  @HttpCode(200)
  @Form({ view: 'admin/rooms', next: '/admin/rooms' })
  @Answers('Say who the AI is in a room, by a form', { 200: { persona: 'Text' } }, 'not-found')
  changeByForm(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Body() room: RoomAiDto,
  ): Promise<{ persona: string }> {
    return this.change(viewer, slug, room);
  }
}
