import { Injectable } from '@nestjs/common';

import { RoomsService } from '../chat/rooms/rooms.service.js';
import { DomainError } from '../common/errors.js';
import { translate } from '../common/i18n/translate.js';
import type { Viewer } from '../common/viewer.js';
import { ChatPanel } from './chat-panel.js';
import { ConversationPanel } from './conversation-panel.js';
import type { PageModel } from './page-frame.js';
import { RoomLists } from './room-lists.js';

const LOBBY = 'lobby';

/** What of one's conversations the front page shows. */
export interface HomeQuery {
  /** The open conversation; null for one that is yet to begin. */
  readonly open: string | null;
  /** What their list is searched for. */
  readonly query: string;
}

const NOTHING_OPEN: HomeQuery = { open: null, query: '' };

/** The front page: what is open, or one's conversations with the AI, with the lobby beside it. */
@Injectable()
export class HomeView {
  constructor(
    private readonly rooms: RoomsService,
    private readonly lists: RoomLists,
    private readonly panel: ChatPanel,
    private readonly conversations: ConversationPanel,
  ) {}

  /** Throws `not-found` for a conversation that is not one's own, and `auth.required` for a guest who wants one. */
  async model(viewer: Viewer, asked: HomeQuery = NOTHING_OPEN): Promise<PageModel> {
    if (!viewer.account && asked.open !== null) {
      throw new DomainError('auth.required');
    }
    const [lists, lobby, talk] = await Promise.all([
      this.lists.open(viewer),
      this.lobby(viewer),
      viewer.account ? this.conversations.of(viewer, asked.open, asked.query) : null,
    ]);
    const { locale } = viewer;
    const width = talk ? ` home ${talk.isNew ? '' : 'talking'}` : '';
    return {
      title: talk?.title || translate(locale, 'page.home.title'),
      description: translate(locale, 'page.home.lead'),
      scripts: [talk ? '/js/home-page.js' : '/js/room-page.js'],
      styles: talk ? ['/css/talk.css'] : [],
      bodyClass: 'body-full body-home',
      mainClass: `fill${lobby ? ' beside' : ''}${width}`,
      refresh: talk?.isWriting ?? false,
      ...lists,
      chat: lobby,
      talk,
    };
  }

  /** The page again after a refused question, with the conversation it was asked in if there is one. */
  async refused(viewer: Viewer, { conversation }: Readonly<Record<string, string>>): Promise<PageModel> {
    const model = await this.model(viewer, { open: conversation ?? null, query: '' }).catch(unlessFound);
    return model ?? this.model(viewer);
  }

  /** Null once an administrator has closed it: the page stands without. */
  private async lobby(viewer: Viewer) {
    try {
      const room = await this.rooms.find(viewer, LOBBY, 'chat');
      return room.archived ? null : await this.panel.of(room, viewer);
    } catch (error) {
      return unlessFound(error);
    }
  }
}

/** Null for what is not there; anything else is thrown on. */
function unlessFound(error: unknown): null {
  if (error instanceof DomainError && error.code === 'not-found') {
    return null;
  }
  throw error;
}
