import { Injectable } from '@nestjs/common';

import { PersonasService } from '../ai/settings/personas.service.js';
import { RoomsService } from '../chat/rooms/rooms.service.js';
import { translate } from '../common/i18n/translate.js';
import type { Viewer } from '../common/viewer.js';
import { adminPage } from './admin-page.js';
import type { PageModel } from './page-frame.js';
import { cardOf } from './room-lists.js';

/** What the administrators' page about rooms shows. */
@Injectable()
export class AdminRoomsView {
  constructor(
    private readonly rooms: RoomsService,
    private readonly personas: PersonasService,
  ) {}

  async model(viewer: Viewer): Promise<PageModel> {
    const { locale } = viewer;
    const rooms = await this.rooms.list(viewer);
    const personas = await this.personas.ofRooms(rooms.map(({ id }) => id));
    return {
      ...adminPage(viewer, '/admin/rooms'),
      rooms: rooms.map((room, index) => {
        const view = this.rooms.present(room);
        return {
          ...cardOf(view),
          embed: view.embed ?? '',
          stream: view.kind === 'stream',
          kindLabel: translate(locale, view.kind === 'stream' ? 'page.kind.stream' : 'page.kind.chat'),
          titleId: `room-${index}-title`,
          embedId: `room-${index}-embed`,
          rulesId: `room-${index}-rules`,
          settings: view.settings,
          personaId: `room-${index}-persona`,
          persona: personas.get(room.id) ?? '',
        };
      }),
    };
  }
}
