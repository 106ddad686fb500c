import type { Entry } from '../messages/entry.entity.js';
import type { LogState } from './append.plan.js';
import type {
  ApproveDraft,
  AskedPoll,
  ChangeDraft,
  ClearDraft,
  ClosePollDraft,
  DenyDraft,
  Draft,
  LiftDraft,
  OpenPollDraft,
  PinDraft,
  PostDraft,
  RemoveDraft,
  SanctionDraft,
} from './draft.js';
import { targetKey } from './log.keys.js';
import { isHidden } from './standing.js';
import type { Target } from './target.js';

/** The entry that a draft becomes at its place in the log. */
export function entryOf(draft: Exclude<Draft, DenyDraft>, seq: number, at: number, state: LogState): Entry {
  const { roomId, id, actor, nonce } = draft;
  const entry: Entry = {
    roomId,
    seq,
    id,
    event: 'message.posted',
    kind: null,
    authorId: actor.id,
    authorName: actor.nickname,
    authorRole: actor.guest ? 'guest' : actor.role,
    nonce,
    text: null,
    replyTo: null,
    target: null,
    data: null,
    audience: audienceOf(draft, state),
    removedBy: null,
    at,
  };
  switch (draft.type) {
    case 'post':
      return { ...entry, kind: draft.kind, text: draft.text, replyTo: draft.replyTo, data: postData(draft) };
    case 'change':
      return {
        ...entry,
        event: 'message.changed',
        target: draft.target,
        text: draft.text,
        data: aiData(draft),
      };
    case 'remove':
      return { ...entry, event: 'message.removed', target: draft.target, data: removalData(draft, state) };
    case 'restore': {
      const { text, authorId: of } = targetOf(draft, state);
      const data = { of, ...reasonOf(draft) } satisfies RestoreData;
      return { ...entry, event: 'message.restored', target: draft.target, text, data: JSON.stringify(data) };
    }
    case 'pin': {
      const message = targetOf(draft, state);
      const data = JSON.stringify(pinData(draft, message));
      return { ...entry, event: 'room.pinned', target: draft.target, text: message.text, data };
    }
    case 'unpin':
      return { ...entry, event: 'room.unpinned' };
    case 'poll-open':
      return { ...entry, event: 'room.poll-opened', data: JSON.stringify(draft.poll) };
    case 'poll-close':
      return { ...entry, event: 'room.poll-closed', data: JSON.stringify(closedPoll(draft)) };
    case 'clear': {
      const data = { upTo: clearedUpTo(draft, seq), ...reasonOf(draft) } satisfies ClearData;
      return { ...entry, event: 'room.cleared', data: JSON.stringify(data) };
    }
    case 'room':
      return { ...entry, event: 'room.changed', data: JSON.stringify(draft.changes) };
    case 'sanction':
    case 'lift':
      return { ...entry, event: 'user.sanctioned', data: JSON.stringify(sanctionData(draft)) };
    case 'leave': {
      const { user, removesMessages } = draft;
      const data = { user, ...(removesMessages && { removed: true }) } satisfies LeaveData;
      const nobody = { authorId: null, authorName: null, authorRole: null };
      return { ...entry, ...nobody, event: 'user.deleted', data: JSON.stringify(data) };
    }
    case 'approve':
      return { ...entry, ...heldWords(draft, state) };
    case 'role': {
      const { user, role } = draft;
      return { ...entry, event: 'user.role-changed', data: JSON.stringify({ user, role }) };
    }
  }
}

/** What a hidden person says is for them and for staff, and so is all that is done to it; that they are, for staff. */
function audienceOf(draft: Exclude<Draft, DenyDraft>, state: LogState): Entry['audience'] {
  const { roomId, actor } = draft;
  switch (draft.type) {
    case 'post':
      return isHidden(roomId, actor, state.sanctions) ? 'author' : null;
    case 'approve': {
      const { userId: id, userRole } = state.held.get(draft.heldId)!;
      const role = userRole === 'guest' ? 'user' : userRole;
      return isHidden(roomId, { id, role }, state.sanctions) ? 'author' : null;
    }
    case 'change':
      return isHidden(roomId, actor, state.sanctions) ? 'author' : targetOf(draft, state).audience;
    case 'remove':
    case 'restore':
      return targetOf(draft, state).audience;
    case 'sanction':
    case 'lift':
      return draft.action === 'hide' ? 'staff' : null;
    default:
      return null;
  }
}

/** A held message is its author's, as they were when they said it. */
function heldWords({ heldId }: ApproveDraft, { held }: LogState): Partial<Entry> {
  const { id, userId, userName, userRole, nonce, text, replyTo } = held.get(heldId)!;
  return {
    id,
    kind: 'chat',
    authorId: userId,
    authorName: userName,
    authorRole: userRole,
    nonce,
    text,
    replyTo,
  };
}

/** What a `user.sanctioned` keeps; the reason is for staff. */
export interface SanctionData {
  readonly user: { readonly id: string; readonly nickname: string };
  readonly action: 'timeout' | 'ban' | 'lift' | 'hide' | 'unhide';
  readonly scope?: 'server';
  readonly until?: number;
  readonly removed?: true;
  readonly reason?: string;
}

function sanctionData(draft: SanctionDraft | LiftDraft): SanctionData {
  const whom = { user: draft.user, ...(draft.scope === 'server' && { scope: draft.scope }) };
  if (draft.type === 'lift') {
    return { ...whom, action: draft.action === 'hide' ? 'unhide' : 'lift' };
  }
  const { action, until, reason, removesMessages } = draft;
  return {
    ...whom,
    action,
    ...(until !== null && { until }),
    ...(removesMessages && { removed: true }),
    ...(reason !== null && { reason }),
  };
}

function postData(draft: PostDraft): string | null {
  return draft.style ? JSON.stringify({ style: draft.style }) : aiData(draft);
}

function aiData({ ai }: PostDraft | ChangeDraft): string | null {
  return ai ? JSON.stringify(ai) : null;
}

/** What a `message.restored` keeps: whose words they are, and why; the reason is for staff. */
export interface RestoreData {
  readonly of: string | null;
  readonly reason?: string;
}

/** What a `user.deleted` keeps. */
export interface LeaveData {
  readonly user: { readonly id: string };
  readonly removed?: true;
}

/** What a `room.cleared` keeps. */
export interface ClearData {
  readonly upTo: number;
  readonly reason?: string;
}

/** What a `room.pinned` keeps beside the text: whose words they are, and the message as it was. */
export interface PinData {
  readonly of: string | null;
  readonly until?: number;
  readonly message: Pick<Target, 'id' | 'kind' | 'authorName' | 'authorRole' | 'at'>;
}

/** What a `room.poll-opened` keeps. */
export type OpenedPollData = OpenPollDraft['poll'];

/** What a `room.poll-closed` keeps. */
export interface ClosedPollData extends AskedPoll {
  readonly opened: number;
  readonly counts: readonly number[];
  readonly early?: true;
}

function closedPoll({ poll, opened, counts, isEarly }: ClosePollDraft): ClosedPollData {
  const { id, question, choices } = poll;
  return { id, opened, question, choices, counts, ...(isEarly && { early: true }) };
}

/** Up to where the clearing of a room goes that gets this seq. */
export function clearedUpTo({ upTo }: ClearDraft, seq: number): number {
  return Math.min(upTo ?? seq - 1, seq - 1);
}

function pinData({ until }: PinDraft, message: Target): PinData {
  const { id, kind, authorId: of, authorName, authorRole, at } = message;
  return { of, ...(until !== null && { until }), message: { id, kind, authorName, authorRole, at } };
}

function removalData(draft: RemoveDraft, state: LogState): string {
  const { authorId: of, audience } = targetOf(draft, state);
  const by = of === draft.actor.id ? 'author' : 'staff';
  // Who may see what was hidden may see that it is gone; for all others it is never said whose it was.
  return JSON.stringify({ by, ...(audience !== null && { of }), ...reasonOf(draft) });
}

/** It has been judged, so it is there. */
function targetOf({ roomId, target }: { roomId: number; target: number }, state: LogState): Target {
  return state.targets.get(targetKey(roomId, target))!;
}

function reasonOf({ reason }: { reason: string | null }): { reason?: string } {
  return reason === null ? {} : { reason };
}
