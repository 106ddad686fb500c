import type { PresenceView, RoomRefView, RoomView } from '../../protocol/views.js';
import type { Room } from './room.entity.js';
import { settingsOf } from './room-settings.js';

/** A room as a socket's welcome names it. */
export function presentRoomRef(room: Room): RoomRefView {
  return { slug: room.slug, title: room.title, kind: room.kind, settings: settingsOf(room.settings) };
}

/** A room in lists and on its page, with who is there now. */
export function presentRoom(room: Room, presence: PresenceView): RoomView {
  return { ...presentRoomRef(room), embed: room.embed, archived: room.archived, presence };
}
