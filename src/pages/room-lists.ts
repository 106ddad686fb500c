import { Injectable } from '@nestjs/common';

import type { RoomView } from '../protocol/views.js';
import { RoomsService } from '../chat/rooms/rooms.service.js';
import type { Viewer } from '../common/viewer.js';

/** A room in a list. */
export interface RoomCard {
  slug: string;
  title: string;
  href: string;
  count: number;
  /** True while an event plays beside the chat. */
  live: boolean;
  archived: boolean;
  current: boolean;
}

/** The open rooms as pages list them: events and chat rooms, the fullest first. */
@Injectable()
export class RoomLists {
  constructor(private readonly rooms: RoomsService) {}

  async open(viewer: Viewer, current = ''): Promise<{ rooms: RoomCard[]; streams: RoomCard[] }> {
    const views = (await this.rooms.list(viewer))
      .filter((room) => !room.archived)
      .map((room) => this.rooms.present(room));
    const cards = views
      .sort((a, b) => b.presence.count - a.presence.count)
      .map((view) => ({ kind: view.kind, card: cardOf(view, current) }));
    return {
      rooms: cards.filter(({ kind }) => kind === 'chat').map(({ card }) => card),
      streams: cards.filter(({ kind }) => kind === 'stream').map(({ card }) => card),
    };
  }
}

/** Where a room's page is. */
export function pathOf({ kind, slug }: Pick<RoomView, 'kind' | 'slug'>): string {
  return `${kind === 'stream' ? '/streaming' : '/chat'}/${encodeURIComponent(slug)}`;
}

export function cardOf(room: RoomView, current = ''): RoomCard {
  return {
    slug: room.slug,
    title: room.title,
    href: pathOf(room),
    count: room.presence.count,
    live: room.kind === 'stream' && room.embed !== null && !room.archived,
    archived: room.archived,
    current: room.slug === current,
  };
}
