import type { Entry } from '../messages/entry.entity.js';
import type { ClearData, LeaveData, SanctionData } from './entry.draft.js';

/**
 * What hides texts, or shows them again: a message is removed, or all of a person, or all up to a seq; or a message is
 * restored. `by` is the seq of the entry that says so. Up to `after` everything had been cleared before.
 */
export type Hiding =
  | { readonly type: 'message'; readonly roomId: number; readonly by: number; readonly target: number }
  | { readonly type: 'author'; readonly roomId: number; readonly by: number; readonly authorId: string }
  | {
      readonly type: 'clear';
      readonly roomId: number;
      readonly by: number;
      readonly after: number;
      readonly upTo: number;
    }
  | {
      /** Somebody is named no more, and what they said is gone where `removes` says so. */
      readonly type: 'leave';
      readonly roomId: number;
      readonly by: number;
      readonly authorId: string;
      readonly removes: boolean;
    }
  | { readonly type: 'restore'; readonly roomId: number; readonly by: number; readonly target: number };

/** What an entry hides or shows again; null when it does neither. */
export function hidingOf({ roomId, seq, event, target, data }: Entry): Hiding | null {
  const said = { roomId, by: seq };
  switch (event) {
    case 'message.removed':
      return { type: 'message', target: target!, ...said };
    case 'message.restored':
      return { type: 'restore', target: target!, ...said };
    case 'room.cleared': {
      const { upTo }: ClearData = JSON.parse(data!);
      return { type: 'clear', after: 0, upTo, ...said };
    }
    case 'user.sanctioned': {
      const { user, removed }: SanctionData = JSON.parse(data!);
      return removed ? { type: 'author', authorId: user.id, ...said } : null;
    }
    case 'user.deleted': {
      const { user, removed }: LeaveData = JSON.parse(data!);
      return { type: 'leave', authorId: user.id, removes: removed === true, ...said };
    }
    default:
      return null;
  }
}

/** Entries that say again what a message says: they stand and fall with it. */
const ECHOES = new Set<Entry['event']>(['message.changed', 'message.restored', 'room.pinned']);
/** The same for the statements of both engines. */
export const ECHOES_SQL = `('${[...ECHOES].join("', '")}')`;

/** The entry as it stands after a hiding that its memory has not seen yet; undefined when that does not concern it. */
export function afterHiding(entry: Entry, hiding: Hiding): Entry | undefined {
  if (hiding.type === 'leave') {
    return afterLeaving(entry, hiding);
  }
  const { event, seq, target, removedBy } = entry;
  const about = event === 'message.posted' ? seq : ECHOES.has(event) ? target : null;
  if (about === null || seq > hiding.by) {
    return undefined;
  }
  switch (hiding.type) {
    case 'message':
      return about === hiding.target ? { ...entry, removedBy: hiding.by } : undefined;
    case 'author':
      return removedBy === null && authorOf(entry) === hiding.authorId
        ? { ...entry, removedBy: hiding.by }
        : undefined;
    case 'clear':
      return removedBy === null && about <= hiding.upTo ? { ...entry, removedBy: hiding.by } : undefined;
    case 'restore':
      // A removal that is newer than this stays: the database may know it before this node does.
      return about === hiding.target && removedBy !== null && removedBy < hiding.by
        ? { ...entry, removedBy: null }
        : undefined;
  }
}

/** The entry without any name of somebody who has left; undefined when it has none. */
function afterLeaving(
  entry: Entry,
  { by, authorId, removes }: Extract<Hiding, { type: 'leave' }>,
): Entry | undefined {
  const isTheirs = authorOf(entry) === authorId;
  const data = entry.event.startsWith('message.') || entry.data === null ? null : JSON.parse(entry.data);
  const isAbout = entry.event !== 'user.deleted' && data?.user?.id === authorId;
  if (entry.seq > by || (!isTheirs && !isAbout && entry.authorId !== authorId)) {
    return undefined;
  }
  const says = entry.event === 'message.posted' || ECHOES.has(entry.event);
  return {
    ...entry,
    ...(entry.authorId === authorId && { authorId: null, authorName: null }),
    data: entry.data === null ? null : unnamed(entry.data, authorId),
    ...(removes && isTheirs && says && { removedBy: entry.removedBy ?? by, text: null }),
  };
}

/** The JSON of an entry without the name of somebody. */
function unnamed(json: string, id: string): string {
  const data = JSON.parse(json);
  if (data.of === id) {
    data.of = null;
    if (data.message) {
      Object.assign(data.message, { authorName: null, authorRole: null });
    }
  }
  if (data.user?.id === id) {
    data.user.nickname = '';
  }
  return JSON.stringify(data);
}

/** Whose words an entry says, or takes away. */
export function authorOf({
  event,
  authorId,
  data,
}: Pick<Entry, 'event' | 'authorId' | 'data'>): string | null {
  if (event === 'message.restored' || event === 'message.removed' || event === 'room.pinned') {
    const { of: author }: { of?: string | null } = JSON.parse(data!);
    return author === undefined ? authorId : author;
  }
  return authorId;
}
