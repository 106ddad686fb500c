import { Body, Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';

import type { PinView } from '../../protocol/views.js';
import { Answers } from '../../common/answers.decorator.js';
import { CurrentViewer, Public } from '../../common/decorators.js';
import type { Viewer } from '../../common/viewer.js';
import { presentStored, type Stored } from '../../chat/messages/messages.service.js';
import { PinDto } from './pin.dto.js';
import { PinsService } from './pins.service.js';

/** The one message on top of a room: everybody sees it, its staff choose it. */
@Controller('api/rooms/:slug/pin')
export class PinsController {
  constructor(private readonly pins: PinsService) {}

  @Get()
  @Public()
  @Answers('The pinned message as it reads now', { 200: { pin: 'Pin' } }, 'not-found')
  async show(@CurrentViewer() viewer: Viewer, @Param('slug') slug: string): Promise<{ pin: PinView }> {
    return { pin: await this.pins.show(viewer, slug) };
  }

  @Put()
  @Answers('Pin a message, in place of another', { 200: 'Posted' }, 'auth.forbidden', 'not-found')
  async pin(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Body() wanted: PinDto,
  ): Promise<Stored> {
    const { dup, ...stored } = await this.pins.pin(viewer, slug, wanted);
    return { ...presentStored(stored), ...(dup && { dup }) };
  }

  @Delete()
  @Answers('Take the pinned message off', { 204: null }, 'auth.forbidden', 'not-found')
  @HttpCode(204)
  async unpin(@CurrentViewer() viewer: Viewer, @Param('slug') slug: string): Promise<void> {
    await this.pins.unpin(viewer, slug);
  }
}
