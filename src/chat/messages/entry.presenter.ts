import type { AiStatus, AnnouncementStyle, EntryFrame } from '../../protocol/frames.js';
import type { AuthorView, OpenedPollView, PinView } from '../../protocol/views.js';
import { hueOf } from '../../common/hue.js';
import { isStaff, speakerOf, type Viewer } from '../../common/viewer.js';
import type { LogFrame } from '../../realtime/ring.js';
import type { Sight } from '../../realtime/shared-frames.js';
import type { Entry } from './entry.entity.js';
import type { RoleDraft, RoomChanges } from '../log/draft.js';
import type {
  ClearData,
  ClosedPollData,
  LeaveData,
  OpenedPollData,
  PinData,
  SanctionData,
} from '../log/entry.draft.js';
import { authorOf } from '../log/hiding.js';

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
    case 'message.restored':
      return entry.removedBy === null
        ? { event: 'message.restored', data: { seq, target: target!, text: text!, by: 'staff', at } }
        : withheld(seq);
    case 'room.cleared': {
      const { upTo }: ClearData = JSON.parse(entry.data!);
      return { event: 'room.cleared', data: { seq, upTo, at } };
    }
    case 'room.pinned':
      return { event: 'room.pinned', data: presentPin(entry) };
    case 'room.unpinned':
      return { event: 'room.unpinned', data: { seq, at } };
    case 'room.poll-opened':
      return { event: 'room.poll-opened', data: presentOpenedPoll(entry) };
    case 'room.poll-closed': {
      const { choices, counts, ...poll }: ClosedPollData = JSON.parse(entry.data!);
      const data = { seq, ...poll, choices: [...choices], counts: [...counts], at };
      return { event: 'room.poll-closed', data };
    }
    case 'room.changed': {
      const changes: RoomChanges = JSON.parse(entry.data!);
      return { event: 'room.changed', data: { seq, ...changes, at } };
    }
    case 'user.sanctioned':
      return { event: 'user.sanctioned', data: { seq, ...presentSanction(JSON.parse(entry.data!)), at } };
    case 'user.deleted': {
      const left: LeaveData = JSON.parse(entry.data!);
      return { event: 'user.deleted', data: { seq, ...left, at } };
    }
    case 'user.role-changed': {
      const change: Pick<RoleDraft, 'user' | 'role'> = JSON.parse(entry.data!);
      return { event: 'user.role-changed', data: { seq, ...change, at } };
    }
  }
}

/** Without the reason: it is for staff. */
function presentSanction({ user, action, scope, until, removed }: SanctionData) {
  return {
    user,
    action,
    ...(until !== undefined && { until: new Date(until).toISOString() }),
    ...(scope && { scope }),
    ...(removed && { removed }),
  };
}

function presentMessage(entry: Entry) {
  const removed = entry.removedBy !== null;
  return {
    kind: entry.kind ?? 'chat',
    author: entry.kind === 'system' ? null : presentAuthor(entry),
    text: removed ? null : entry.text,
    ...(entry.nonce !== null && { nonce: entry.nonce }),
    ...(entry.replyTo !== null && { replyTo: entry.replyTo }),
    ...(entry.kind === 'admin' ? styleOf(entry) : aiOf(entry)),
    ...(removed && { removed: true as const }),
  };
}

/** The pin that an entry is: the message as it read then, without its text once that is removed. */
export function presentPin(entry: Entry): PinView {
  const { seq, target, text, authorId, authorName, removedBy } = entry;
  const { of, until, message }: PinData = JSON.parse(entry.data!);
  const { id, kind, authorName: name, authorRole: role, at } = message;
  return {
    seq,
    target: target!,
    message: {
      id,
      kind: kind ?? 'chat',
      author: presentAuthor({ authorId: of, authorName: name, authorRole: role }),
      text: removedBy === null ? text : null,
      at: new Date(at).toISOString(),
    },
    by: { id: authorId ?? '', nickname: authorName ?? '' },
    at: new Date(entry.at).toISOString(),
    ...(until !== undefined && { until: new Date(until).toISOString() }),
  };
}

/** The poll that an entry opened. */
export function presentOpenedPoll({ seq, authorId, authorName, data, at }: Entry): OpenedPollView {
  const { id, question, choices, closesAt }: OpenedPollData = JSON.parse(data!);
  return {
    seq,
    id,
    question,
    choices: [...choices],
    by: { id: authorId ?? '', nickname: authorName ?? '' },
    at: new Date(at).toISOString(),
    closesAt: new Date(closesAt).toISOString(),
  };
}

function styleOf({ data }: Entry): { style?: AnnouncementStyle } {
  return data === null ? {} : JSON.parse(data);
}

function aiOf({ data }: Entry): { ai?: { status: AiStatus } } {
  return data === null ? {} : { ai: JSON.parse(data) };
}

/** An author as an entry names them; null once the account is deleted. */
export function presentAuthor(
  entry: Pick<Entry, 'authorId' | 'authorName' | 'authorRole'>,
): AuthorView | null {
  return entry.authorId === null || entry.authorName === null || entry.authorRole === null
    ? null
    : {
        id: entry.authorId,
        nickname: entry.authorName,
        ...rankOf(entry.authorRole),
        color: hueOf(entry.authorId),
      };
}

/** A guest ranks as people do, and is marked. */
export const rankOf = (role: NonNullable<Entry['authorRole']>) =>
  role === 'guest' ? ({ role: 'user', guest: true } as const) : { role };

const withheld = (seq: number): EntryFrame => ({ event: 'message.withheld', data: { seq } });

/**
 * How a viewer sees an entry. What is hidden with its author looks to them like anything else they say; only staff are
 * told.
 */
export function sightOf(viewer: Pick<Viewer, 'account' | 'guest'>, entry: Entry): Sight {
  const speaker = speakerOf(viewer);
  switch (entry.audience) {
    case null:
      return true;
    case 'staff':
      return isStaff(viewer);
    case 'author':
      return (speaker !== null && speaker.id === authorOf(entry)) || (isStaff(viewer) && 'marked');
  }
}

/** The entry as this viewer gets it: in full, or its withheld place. */
export function presentFor(viewer: Pick<Viewer, 'account' | 'guest'>, entry: Entry): EntryFrame {
  const sight = sightOf(viewer, entry);
  if (!sight) {
    return withheld(entry.seq);
  }
  return sight === 'marked' ? marked(presentEntry(entry)) : presentEntry(entry);
}

function marked(frame: EntryFrame): EntryFrame {
  return frame.event === 'message.posted' ? { ...frame, data: { ...frame.data, hidden: true } } : frame;
}

/** The entry ready for a channel. */
export function logFrame(entry: Entry): LogFrame<Entry> {
  const frame = presentEntry(entry);
  return {
    seq: entry.seq,
    json: JSON.stringify(frame),
    entry,
    restricted: entry.audience !== null,
    ...(entry.audience === 'author' && { marked: JSON.stringify(marked(frame)) }),
  };
}
