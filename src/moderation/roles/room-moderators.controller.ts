import { Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';

import type { UserView } from '../../protocol/views.js';
import { Answers } from '../../common/answers.decorator.js';
import { CurrentViewer, Roles } from '../../common/decorators.js';
import type { Viewer } from '../../common/viewer.js';
import { RoomModeratorsService } from './room-moderators.service.js';

/** Who moderates one room, given and taken by administrators. */
@Controller('api/rooms/:slug/moderators')
@Roles('admin')
export class RoomModeratorsController {
  constructor(private readonly moderators: RoomModeratorsService) {}

  @Get()
  @Answers('The moderators of this room alone', { 200: { users: ['User'] } }, 'not-found')
  async list(@CurrentViewer() viewer: Viewer, @Param('slug') slug: string): Promise<{ users: UserView[] }> {
    return { users: await this.moderators.list(viewer, slug) };
  }

  @Put(':userId')
  @Answers('Make somebody a moderator of this room', { 204: null }, 'not-found')
  @HttpCode(204)
  async appoint(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('userId') userId: string,
  ): Promise<void> {
    await this.moderators.set(viewer, slug, userId, 'moderator');
  }

  @Delete(':userId')
  @Answers('Take the role away again', { 204: null }, 'not-found')
  @HttpCode(204)
  async dismiss(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('userId') userId: string,
  ): Promise<void> {
    await this.moderators.set(viewer, slug, userId, 'user');
  }
}
