import type { AiStatus, EntryFrame } from '../protocol/frames.js';
import type { AuthorView } from '../protocol/views.js';
import { hueOf } from '../common/hue.js';
import { isStaff, type Viewer } from '../common/viewer.js';
import type { LogFrame } from '../realtime/ring.js';
import type { Entry } from './entry.entity.js';
import type { RoomChanges } from './log/draft.js';

/**
 * An entry as it goes over the wire, live, in replay and in history alike. The text of a removed message is not in it,
 * and its edits show only their place.
 */
export function presentEntry(entry: Entry): EntryFrame {
  const { seq, target, text } = entry;
  const at = new Date(entry.at).toISOString();
  switch (entry.event) {
    case 'message.posted':
      return { event: 'message.posted', data: { seq, id: entry.id, ...presentMessage(entry), at } };
    case 'message.changed':
      return entry.removedBy === null
        ? { event: 'message.changed', data: { seq, target: target!, text: text!, ...aiOf(entry), at } }
        : withheld(seq);
    case 'message.removed': {
      const { by }: { by: 'author' | 'staff' } = JSON.parse(entry.data!);
      return { event: 'message.removed', data: { seq, target: target!, by, at } };
    }
    case 'room.changed': {
      const changes: RoomChanges = JSON.parse(entry.data!);
      return { event: 'room.changed', data: { seq, ...changes, at } };
    }
  }
}

function presentMessage(entry: Entry) {
  const removed = entry.removedBy !== null;
  return {
    kind: entry.kind ?? 'chat',
    author: presentAuthor(entry),
    text: removed ? null : entry.text,
    ...(entry.nonce !== null && { nonce: entry.nonce }),
    ...(entry.replyTo !== null && { replyTo: entry.replyTo }),
    ...aiOf(entry),
    ...(removed && { removed: true as const }),
  };
}

function aiOf({ data }: Entry): { ai?: { status: AiStatus } } {
  return data === null ? {} : { ai: JSON.parse(data) };
}

function presentAuthor(entry: Entry): AuthorView | null {
  return entry.authorId === null || entry.authorName === null || entry.authorRole === null
    ? null
    : {
        id: entry.authorId,
        nickname: entry.authorName,
        role: entry.authorRole,
        color: hueOf(entry.authorId),
      };
}

const withheld = (seq: number): EntryFrame => ({ event: 'message.withheld', data: { seq } });

/** Whether a viewer may see an entry that is not for everybody. */
export function maySee(viewer: Pick<Viewer, 'account'>, entry: Entry): boolean {
  switch (entry.audience) {
    case null:
      return true;
    case 'staff':
      return isStaff(viewer);
    case 'author':
      return isStaff(viewer) || viewer.account?.id === entry.authorId;
  }
}

/** The entry as this viewer gets it: in full, or its withheld place. */
export function presentFor(viewer: Pick<Viewer, 'account'>, entry: Entry): EntryFrame {
  return maySee(viewer, entry) ? presentEntry(entry) : withheld(entry.seq);
}

/** The entry ready for a channel. */
export function logFrame(entry: Entry): LogFrame<Entry> {
  return {
    seq: entry.seq,
    json: JSON.stringify(presentEntry(entry)),
    entry,
    restricted: entry.audience !== null,
  };
}
