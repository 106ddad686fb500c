import { Injectable } from '@nestjs/common';

import { ModelsService } from '../ai/model/models.service.js';
import { RoomsService } from '../chat/rooms.service.js';
import { DomainError } from '../common/errors.js';
import { translate } from '../common/i18n/translate.js';
import type { Viewer } from '../common/viewer.js';
import { ChatPanel } from './chat-panel.js';
import type { PageModel } from './page-frame.js';
import { RoomLists } from './room-lists.js';

const LOBBY = 'lobby';

/** The front page: what is open, with the lobby beside it. */
@Injectable()
export class HomeView {
  constructor(
    private readonly rooms: RoomsService,
    private readonly lists: RoomLists,
    private readonly panel: ChatPanel,
    private readonly models: ModelsService,
  ) {}

  async model(viewer: Viewer): Promise<PageModel> {
    const [lists, lobby] = await Promise.all([this.lists.open(viewer), this.lobby(viewer)]);
    return {
      title: translate(viewer.locale, 'page.home.title'),
      description: translate(viewer.locale, 'page.home.lead'),
      scripts: ['/js/home-page.js'],
      bodyClass: 'body-full body-home',
      mainClass: lobby ? 'fill beside' : 'fill',
      ai: translate(viewer.locale, this.models.isSetUp ? 'page.home.ai-on' : 'page.home.ai-off'),
      ...lists,
      chat: lobby,
    };
  }

  /** Null once an administrator has closed it: the page stands without. */
  private async lobby(viewer: Viewer) {
    try {
      const room = await this.rooms.find(viewer, LOBBY, 'chat');
      return room.archived ? null : await this.panel.of(room, viewer);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'not-found') {
        return null;
      }
      throw error;
    }
  }
}
