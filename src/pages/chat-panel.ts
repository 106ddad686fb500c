import { Injectable } from '@nestjs/common';

import { HistoryService } from '../chat/history.service.js';
import type { Room } from '../chat/room.entity.js';
import { RoomsService } from '../chat/rooms.service.js';
import { translate } from '../common/i18n/translate.js';
import { hasRole, type Viewer } from '../common/viewer.js';
import { presentUser } from '../users/user.presenter.js';
import { foldEntries } from './fold-entries.js';
import { rowsOf, type MessageRow } from './message-row.js';
import { stringsFor } from './page-frame.js';
import { pathOf } from './room-lists.js';

/** Where a panel stands: on a page, in a window of its own, in OBS, or in a frame on another site. */
export type PanelMode = 'page' | 'popout' | 'overlay' | 'embed';

const NEWEST = 50;

/** What the template that the browser's code clones is made of: every slot there, and empty. */
const BLANK: Omit<MessageRow, 'seq'> = {
  id: '',
  kind: 'chat',
  state: '',
  authorId: '',
  hueClass: '',
  own: false,
  mention: false,
  initial: '',
  name: '',
  badge: '',
  text: '',
  edited: false,
  at: '',
  time: '',
  quote: null,
};

/** The chat of one room as `views/partials/chat-panel.hbs` shows it, with the newest messages in the HTML. */
@Injectable()
export class ChatPanel {
  constructor(
    private readonly rooms: RoomsService,
    private readonly history: HistoryService,
  ) {}

  /** `beside`: the event's title already stands on the page. */
  async of(room: Room, viewer: Viewer, mode: PanelMode = 'page', beside = false) {
    const { entries, head, first, epoch } = await this.history.newest(viewer, room, NEWEST);
    const view = this.rooms.present(room);
    const path = pathOf(view);
    const writes = viewer.account !== null && (mode === 'page' || mode === 'popout');
    return {
      slug: view.slug,
      kind: view.kind,
      socket: `${view.kind === 'stream' ? '/ws/streaming' : '/ws'}?room=${encodeURIComponent(view.slug)}`,
      heading: beside ? translate(viewer.locale, 'page.chat.title') : view.title,
      presence: view.presence,
      viewer: JSON.stringify(viewer.account && presentUser(viewer.account, { self: true })),
      strings: stringsFor(viewer.locale),
      limit: view.settings.textLimit,
      epoch,
      head,
      first,
      mode,
      messages: rowsOf(foldEntries(entries), viewer),
      blank: BLANK,
      popout: view.kind === 'stream' && mode === 'page' ? `${path}/popout` : '',
      composer: writes && !view.archived,
      announce: writes && hasRole(viewer, 'admin'),
      closed: view.archived && mode !== 'overlay',
      invite: !writes && !view.archived && (mode === 'page' || mode === 'popout'),
      write: !view.archived && mode === 'embed' ? `${path}/popout` : '',
      next: encodeURIComponent(mode === 'popout' ? `${path}/popout` : path),
    };
  }
}
