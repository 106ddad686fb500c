import { Controller, Delete, Get, HttpCode, Param, Put, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';

import type { EmoteView } from '../../protocol/views.js';
import { Answers } from '../../common/answers.decorator.js';
import { CurrentViewer, Public } from '../../common/decorators.js';
import { DomainError } from '../../common/errors.js';
import type { Viewer } from '../../common/viewer.js';
import { EmotesService, type StoredImage } from './emotes.service.js';

/** The emotes of a room: everybody sees them, its staff choose them. */
@Controller('api/rooms/:slug/emotes')
export class RoomEmotesController {
  constructor(private readonly emotes: EmotesService) {}

  @Get()
  @Public()
  @Answers('The emotes of the room', { 200: { emotes: ['Emote'] } }, 'not-found')
  async list(@CurrentViewer() viewer: Viewer, @Param('slug') slug: string): Promise<{ emotes: EmoteView[] }> {
    return { emotes: await this.emotes.list(viewer, slug) };
  }

  @Put(':name')
  @HttpCode(201)
  @Answers(
    'Add an emote; the body is its picture (PNG, GIF or WebP)',
    { 201: { emote: 'Emote' } },
    'auth.forbidden',
    'not-found',
    'name.taken',
    'frame.invalid',
    'body.too-large',
    'body.unsupported',
  )
  async add(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('name') name: string,
    @Req() request: Request,
  ): Promise<{ emote: EmoteView }> {
    return { emote: await this.emotes.add(viewer, slug, name, bytesOf(request)) };
  }

  @Delete(':name')
  @Answers('Take an emote away', { 204: null }, 'auth.forbidden', 'not-found')
  @HttpCode(204)
  async remove(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Param('name') name: string,
  ): Promise<void> {
    await this.emotes.remove(viewer, slug, name);
  }
}

/**
 * The pictures themselves. Their address names their content, so that they are kept for ever; whoever opens one by itself
 * gets a page that may do nothing.
 */
@Controller('emotes')
@Public()
export class EmoteImagesController {
  constructor(private readonly emotes: EmotesService) {}

  @Get(':id')
  @Answers('The picture of an emote', { 200: 'Text' }, 'not-found')
  async show(@Param('id') id: string, @Res() response: Response): Promise<void> {
    send(response, await this.emotes.image(id));
  }

  @Get(':id/still')
  @Answers('The same without its movement', { 200: 'Text' }, 'not-found')
  async showStill(@Param('id') id: string, @Res() response: Response): Promise<void> {
    send(response, await this.emotes.image(id, true));
  }
}

function send(response: Response, { type, content }: StoredImage): void {
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
  response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
  response.end(content);
}

/** What `pictureBody` read; JSON in its place is no picture. */
function bytesOf({ body }: Request): Buffer {
  const sent: unknown = body;
  if (!Buffer.isBuffer(sent)) {
    throw new DomainError('body.unsupported');
  }
  return sent;
}
