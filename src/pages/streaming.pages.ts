import { Controller, Get, Inject, Param, Query, Render, Req, Res, UseInterceptors } from '@nestjs/common';
import type { Request, Response } from 'express';

import type { Room } from '../chat/rooms/room.entity.js';
import { RoomsService } from '../chat/rooms/rooms.service.js';
import { contentSecurityPolicy } from '../common/content-security-policy.js';
import { CurrentViewer, Public } from '../common/decorators.js';
import { translate } from '../common/i18n/translate.js';
import { hasRole, type Viewer } from '../common/viewer.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { ChatPanel, type PanelMode } from './chat-panel.js';
import { OverlayQueryDto } from './dto/overlay-query.dto.js';
import type { PageModel } from './page-frame.js';
import { PageLocalsInterceptor } from './page-locals.interceptor.js';
import { playerOf } from './player.js';
import { RoomLists } from './room-lists.js';

/** Live events: the event beside its chat, and the chat alone for a window, for OBS, and for other sites. */
@Controller('streaming')
@Public()
@UseInterceptors(PageLocalsInterceptor)
export class StreamingPages {
  constructor(
    private readonly rooms: RoomsService,
    private readonly lists: RoomLists,
    private readonly panel: ChatPanel,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  @Get()
  @Render('streaming-list')
  async list(@CurrentViewer() viewer: Viewer): Promise<PageModel> {
    const { streams } = await this.lists.open(viewer);
    return { title: translate(viewer.locale, 'page.nav.live'), mainClass: 'page', streams };
  }

  @Get(':slug')
  @Render('streaming')
  async show(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PageModel> {
    const room = await this.rooms.find(viewer, slug, 'stream');
    const player = playerOf(room.embed, room.title, this.hostName(request));
    if (player) {
      response.setHeader('Content-Security-Policy', contentSecurityPolicy(player.policy));
    }
    return {
      title: room.title,
      description: translate(viewer.locale, 'page.stream.description', { title: room.title }),
      scripts: ['/js/stream-page.js'],
      ...(player && { early: '/js/early-layout.js' }),
      bodyClass: 'body-full',
      mainClass: player ? 'fill beside watch' : 'fill room-page alone',
      room: { slug: room.slug, title: room.title, embed: room.embed ?? '' },
      manage: hasRole(viewer, 'admin') && !room.archived,
      player,
      chat: await this.panel.of(room, viewer, 'page', player !== null),
    };
  }

  @Get(':slug/popout')
  @Render('chat-alone')
  async popout(@CurrentViewer() viewer: Viewer, @Param('slug') slug: string): Promise<PageModel> {
    return this.alone(await this.rooms.find(viewer, slug, 'stream'), viewer, 'popout');
  }

  /** For OBS: transparent, without controls, and read as a guest would. Its own pages may show how it will look. */
  @Get(':slug/overlay')
  @Render('chat-alone')
  async overlay(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Query() options: OverlayQueryDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PageModel> {
    const guest = asGuest(viewer);
    const model = await this.alone(await this.rooms.find(guest, slug, 'stream'), guest, 'overlay');
    letFrame(response, []);
    const overlay = JSON.stringify(options);
    return { ...model, scripts: ['/js/overlay-page.js'], overlay, bodyClass: 'overlay', mainClass: '' };
  }

  /** For a frame on an allowed site: read as a guest, whoever's browser it is, so that a click there does nothing in their name. */
  @Get(':slug/embed')
  @Render('chat-alone')
  async embed(
    @CurrentViewer() viewer: Viewer,
    @Param('slug') slug: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PageModel> {
    const guest = asGuest(viewer);
    const model = await this.alone(await this.rooms.find(guest, slug, 'stream'), guest, 'embed');
    letFrame(response, this.config.embedSites);
    return model;
  }

  private async alone(room: Room, viewer: Viewer, mode: PanelMode): Promise<PageModel> {
    return {
      title: translate(viewer.locale, 'page.chat.popout-title', { title: room.title }),
      scripts: ['/js/stream-page.js'],
      layout: 'bare',
      bodyClass: 'body-full',
      mainClass: 'fill room-page alone',
      chat: await this.panel.of(room, viewer, mode),
    };
  }

  private hostName(request: Request): string {
    const { publicUrl } = this.config;
    return publicUrl === null ? request.hostname : new URL(publicUrl).hostname;
  }
}

/** Lets our own pages and these sites show this one in a frame. */
function letFrame(response: Response, sites: readonly string[]): void {
  const ancestors = ["'self'", ...sites].join(' ');
  response.setHeader('Content-Security-Policy', contentSecurityPolicy({ 'frame-ancestors': ancestors }));
  // It knows no list of sites, and where both are sent the policy is the one that counts.
  response.removeHeader('X-Frame-Options');
}

function asGuest({ locale, address }: Viewer): Viewer {
  return { account: null, sessionId: null, locale, address };
}
