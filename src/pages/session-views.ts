import { Injectable } from '@nestjs/common';

import type { KeptSessionView, Locale } from '../protocol/views.js';
import { HistoryService } from '../chat/messages/history.service.js';
import { LiveRooms } from '../chat/rooms/live-rooms.js';
import { RoomsService } from '../chat/rooms/rooms.service.js';
import { translate } from '../common/i18n/translate.js';
import { isStaff, type Viewer } from '../common/viewer.js';
import { EventSessionsService } from '../moderation/sessions/event-sessions.service.js';
import { foldEntries } from './fold-entries.js';
import { rowsOf } from './message-row.js';
import type { PageModel } from './page-frame.js';
import { pathOf } from './room-lists.js';
import { dayTime } from './times.js';

const PAGE = 200;

/** What the pages of a room's events show. */
@Injectable()
export class SessionViews {
  constructor(
    private readonly rooms: RoomsService,
    private readonly live: LiveRooms,
    private readonly history: HistoryService,
    private readonly sessions: EventSessionsService,
  ) {}

  async list(viewer: Viewer, slug: string): Promise<PageModel> {
    const room = await this.rooms.findSpeakable(viewer, slug);
    const sessions = await this.sessions.list(viewer, slug);
    return {
      title: translate(viewer.locale, 'page.sessions.title', { title: room.title }),
      mainClass: 'page',
      back: pathOf(room),
      sessions: sessions.map((session) => ({
        ...wordsOf(session, viewer.locale),
        href: hrefOf(slug, session),
      })),
    };
  }

  /** A page of one event, from behind a seq; the rest is a link away. Throws `not-found`. */
  async show(viewer: Viewer, slug: string, id: string, after?: number): Promise<PageModel> {
    const room = await this.rooms.findSpeakable(viewer, slug);
    const session = await this.sessions.find(viewer, slug, id);
    const live = await this.live.open(room.id);
    const from = Math.max(session.firstSeq - 1, after ?? 0);
    const { entries } = await this.history.pageFor(viewer, room, { after: from, limit: PAGE });
    const own = entries.filter(({ data }) => data.seq <= (session.lastSeq ?? Infinity));
    const last = own.at(-1)?.data.seq ?? 0;
    const hasMore = own.length === PAGE && last < (session.lastSeq ?? live.channel.head);
    const href = hrefOf(slug, session);
    return {
      title: session.title,
      mainClass: 'page',
      ...wordsOf(session, viewer.locale),
      back: `/rooms/${encodeURIComponent(slug)}/sessions`,
      room: pathOf(room),
      messages: rowsOf(foldEntries(own), viewer, live.settings, live.emotes),
      more: hasMore ? `${href}?after=${last}` : '',
      file: isStaff(live.viewerHere(viewer))
        ? `/api/rooms/${encodeURIComponent(slug)}/export?session=${session.id}&format=txt`
        : '',
    };
  }
}

function wordsOf({ title, startedAt, endedAt }: KeptSessionView, locale: Locale) {
  return {
    name: title,
    live: endedAt === undefined,
    at: startedAt,
    when: dayTime(startedAt, locale),
    until: endedAt === undefined ? '' : dayTime(endedAt, locale),
  };
}

const hrefOf = (slug: string, { id }: KeptSessionView) => `/rooms/${encodeURIComponent(slug)}/sessions/${id}`;
