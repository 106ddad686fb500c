import { Controller, Get, Param, Render, UseInterceptors } from '@nestjs/common';

import { RoomsService } from '../chat/rooms/rooms.service.js';
import { CurrentViewer, Public } from '../common/decorators.js';
import type { Viewer } from '../common/viewer.js';
import { ChatPanel } from './chat-panel.js';
import type { PageModel } from './page-frame.js';
import { PageLocalsInterceptor } from './page-locals.interceptor.js';
import { RoomLists } from './room-lists.js';

@Controller('chat')
@Public()
@UseInterceptors(PageLocalsInterceptor)
export class ChatPages {
  constructor(
    private readonly rooms: RoomsService,
    private readonly lists: RoomLists,
    private readonly panel: ChatPanel,
  ) {}

  @Get(':slug')
  @Render('chat')
  async show(@CurrentViewer() viewer: Viewer, @Param('slug') slug: string): Promise<PageModel> {
    const room = await this.rooms.find(viewer, slug, 'chat');
    return {
      title: room.title,
      scripts: ['/js/room-page.js'],
      bodyClass: 'body-full',
      mainClass: 'fill room-page',
      room: { slug: room.slug, title: room.title },
      ...(await this.lists.open(viewer, slug)),
      chat: await this.panel.of(room, viewer),
    };
  }
}
