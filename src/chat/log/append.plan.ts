import type { Entry } from '../entry.entity.js';
import { canChange, canRemove } from '../message.policy.js';
import type { ChangeDraft, Draft, Outcome, PostDraft, RemoveDraft } from './draft.js';

/** What is read under the lock, before anything is decided. */
export interface LogState {
  /** By room id. A room that is not there does not exist. */
  readonly rooms: Map<number, { head: number; archived: boolean }>;
  /** Entries already stored for the nonces of the batch, by `nonceKey`. */
  readonly stored: Map<string, StoredRef>;
  /** Messages that the batch changes or removes, by `targetKey`. */
  readonly targets: Map<string, Target>;
}

export interface StoredRef {
  readonly seq: number;
  readonly id: string;
  readonly at: number;
}

export interface Target {
  readonly event: string;
  readonly authorId: string | null;
  readonly authorRole: string | null;
  /** The removal that is in force, if any. */
  removal: StoredRef | null;
}

export interface Plan {
  /** One for each draft, in the same order. */
  readonly outcomes: Outcome[];
  /** To be inserted. */
  readonly entries: Entry[];
  /** Messages whose text must never be sent again, with the entry that removed them. */
  readonly removals: { roomId: number; target: number; removedBy: number }[];
}

export const nonceKey = (roomId: number, authorId: string, nonce: string) => `${roomId} ${authorId} ${nonce}`;
export const targetKey = (roomId: number, seq: number) => `${roomId} ${seq}`;

/**
 * Decides a batch in the order it arrived: who gets which seq, what is a retry, what is refused. Pure but for `state`,
 * which it moves along, so that drafts of one batch see each other.
 */
export function planAppend(drafts: readonly Draft[], state: LogState, now: number): Plan {
  const plan: Plan = { outcomes: [], entries: [], removals: [] };
  for (const draft of drafts) {
    const outcome = decide(draft, state, now);
    plan.outcomes.push(outcome);
    if (outcome.status === 'stored') {
      record(draft, outcome.entry, state, plan);
    }
  }
  return plan;
}

function decide(draft: Draft, state: LogState, now: number): Outcome {
  const known =
    draft.nonce === null ? undefined : state.stored.get(nonceKey(draft.roomId, draft.actor.id, draft.nonce));
  if (known) {
    return { status: 'dup', ...known };
  }
  const room = state.rooms.get(draft.roomId);
  if (!room) {
    return { status: 'refused', code: 'not-found' };
  }
  if (room.archived && draft.type !== 'room') {
    return { status: 'refused', code: 'room.read-only' };
  }
  const verdict = draft.type === 'change' || draft.type === 'remove' ? judgeTarget(draft, state) : null;
  return verdict ?? { status: 'stored', entry: entryOf(draft, room.head + 1, now, state) };
}

function judgeTarget(draft: ChangeDraft | RemoveDraft, state: LogState): Outcome | null {
  const target = state.targets.get(targetKey(draft.roomId, draft.target));
  if (target?.event !== 'message.posted') {
    return { status: 'refused', code: 'not-found' };
  }
  const allowed = draft.type === 'change' ? canChange(draft.actor, target) : canRemove(draft.actor, target);
  if (!allowed) {
    return { status: 'refused', code: 'auth.forbidden' };
  }
  if (target.removal) {
    // Removing again is the removal there already is; a removed message can no longer be changed.
    return draft.type === 'remove'
      ? { status: 'dup', ...target.removal }
      : { status: 'refused', code: 'not-found' };
  }
  return null;
}

function record(draft: Draft, entry: Entry, state: LogState, plan: Plan): void {
  const { roomId, seq, id, at } = entry;
  const room = state.rooms.get(roomId)!;
  room.head = seq;
  plan.entries.push(entry);
  if (draft.nonce !== null) {
    state.stored.set(nonceKey(roomId, draft.actor.id, draft.nonce), { seq, id, at });
  }
  switch (draft.type) {
    case 'post':
      state.targets.set(targetKey(roomId, seq), {
        event: entry.event,
        authorId: entry.authorId,
        authorRole: entry.authorRole,
        removal: null,
      });
      break;
    case 'remove':
      state.targets.get(targetKey(roomId, draft.target))!.removal = { seq, id, at };
      plan.removals.push({ roomId, target: draft.target, removedBy: seq });
      break;
    case 'room':
      room.archived = draft.changes.archived ?? room.archived;
      break;
    case 'change':
      break;
  }
}

function entryOf(draft: Draft, seq: number, at: number, state: LogState): Entry {
  const { roomId, id, actor, nonce } = draft;
  const entry: Entry = {
    roomId,
    seq,
    id,
    event: 'message.posted',
    kind: null,
    authorId: actor.id,
    authorName: actor.nickname,
    authorRole: actor.role,
    nonce,
    text: null,
    replyTo: null,
    target: null,
    data: null,
    audience: null,
    removedBy: null,
    at,
  };
  switch (draft.type) {
    case 'post':
      return { ...entry, kind: draft.kind, text: draft.text, replyTo: draft.replyTo, data: aiData(draft) };
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
    case 'room':
      return { ...entry, event: 'room.changed', data: JSON.stringify(draft.changes) };
  }
}

function aiData({ ai }: PostDraft | ChangeDraft): string | null {
  return ai ? JSON.stringify(ai) : null;
}

function removalData(draft: RemoveDraft, state: LogState): string {
  const target = state.targets.get(targetKey(draft.roomId, draft.target));
  const by = target?.authorId === draft.actor.id ? 'author' : 'staff';
  return JSON.stringify({ by, ...(draft.reason !== null && { reason: draft.reason }) });
}
