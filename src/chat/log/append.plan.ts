import type { Entry } from '../messages/entry.entity.js';
import type { StoredSettings } from '../rooms/room-settings.js';
import { remembering, withShield } from '../rooms/shield.js';
import { actionOf } from './action.draft.js';
import type { Action } from './action.entity.js';
import type {
  ChangeDraft,
  ClearDraft,
  Draft,
  LeaveDraft,
  LiftDraft,
  Outcome,
  PostDraft,
  SanctionDraft,
} from './draft.js';
import { clearedUpTo, entryOf } from './entry.draft.js';
import type { Hiding } from './hiding.js';
import { nonceKey, speakerKey, standingKey, targetKey } from './log.keys.js';
import {
  dropAll,
  heldBefore,
  hold,
  settle,
  settleRefusal,
  type ReviewPlan,
  type ReviewState,
} from './review.js';
import {
  duplicateRefusal,
  isSlowed,
  rulesRefusal,
  sanctionRefusal,
  sayingOf,
  slowModeRefusal,
  type Said,
  type Standing,
} from './standing.js';
import { judgeTarget, removedBy, type Target } from './target.js';

/** What is read under the lock, before anything is decided. */
export interface LogState extends ReviewState {
  /** By room id. A room that is not there does not exist. */
  readonly rooms: Map<number, RoomState>;
  /** Entries already stored for the nonces of the batch, by `nonceKey`. */
  readonly stored: Map<string, StoredRef>;
  /** Messages that the batch is about, by `targetKey`. */
  readonly targets: Map<string, Target>;
  /** What is in force against the people of the batch (`peopleOf`), by `sanctionKey`. */
  readonly sanctions: Map<string, Standing>;
  /** When the people who post in a room with slow mode last did, by `speakerKey`. */
  readonly lastPosts: Map<string, number>;
  /** Which rules people of the batch have read in a room that has some, by `speakerKey`. */
  readonly consents: Map<string, string>;
  /** What the people of the batch say and have said a moment ago, by `saidKey`. */
  readonly saidTexts: Map<string, Said>;
}

export interface RoomState {
  head: number;
  /** When its newest entry was made; 0 without one. None that follows is older, whatever a clock says. */
  lastAt: number;
  archived: boolean;
  settings: StoredSettings;
  /** The entry that pinned the message on top, if any. */
  pinned: number | null;
  /** Up to here everything is removed already. */
  cleared: number;
}

export interface StoredRef {
  readonly seq: number;
  readonly id: string;
  readonly at: number;
}

export interface Plan extends ReviewPlan {
  /** The drafts, with all in them that is known only under the lock. */
  readonly drafts: Draft[];
  /** One for each draft, in the same order. */
  readonly outcomes: Outcome[];
  /** To be inserted. */
  readonly entries: Entry[];
  /** In this order. */
  readonly hidings: Hiding[];
  /** Sanctions to be inserted. */
  readonly sanctions: { draft: SanctionDraft; at: number }[];
  /** Sanctions that end: lifted, or followed by another. */
  readonly lifts: { sanctionId: string; by: string; at: number }[];
  /** When people posted in a room with slow mode. */
  readonly posts: { roomId: number; userId: string; at: number }[];
  /** What people said in a room without duplicates. */
  readonly sayings: SaidRow[];
  /** What the action log is to keep. */
  readonly actions: Action[];
}

export interface SaidRow extends Said {
  readonly roomId: number;
  readonly userId: string;
  readonly digest: string;
}

/** The people whose sanctions decide about a draft: who does it, and to whom it is done. */
export function peopleOf(draft: Draft): string[] {
  const actors = draft.actor.role === 'ai' ? [] : [draft.actor.id];
  return 'user' in draft ? [...actors, draft.user.id] : actors;
}

/**
 * Decides a batch in the order it arrived: who gets which seq, what is a retry, what is refused. Pure but for `state`,
 * which it moves along, so that drafts of one batch see each other.
 */
export function planAppend(drafts: readonly Draft[], state: LogState, now: number): Plan {
  const plan: Plan = {
    drafts: [],
    outcomes: [],
    entries: [],
    hidings: [],
    sanctions: [],
    lifts: [],
    posts: [],
    sayings: [],
    actions: [],
    holds: [],
    settlements: [],
    drops: [],
  };
  for (const given of drafts) {
    const draft = resolved(given, state);
    plan.drafts.push(draft);
    const outcome = decide(draft, state, plan, now);
    if (outcome.status !== 'stored') {
      plan.outcomes.push(outcome);
      continue;
    }
    const action = actionOf(draft, outcome.entry, state);
    plan.outcomes.push(action ? { ...outcome, action } : outcome);
    plan.actions.push(...(action ? [action] : []));
    record(draft, outcome.entry, state, plan);
  }
  return plan;
}

function resolved(draft: Draft, { rooms }: LogState): Draft {
  const room = rooms.get(draft.roomId);
  return draft.type === 'room' && room ? withShield(draft, room.settings) : draft;
}

function decide(draft: Draft, state: LogState, plan: Plan, now: number): Outcome {
  const known =
    draft.nonce === null ? undefined : state.stored.get(nonceKey(draft.roomId, draft.actor.id, draft.nonce));
  if (known) {
    return { status: 'dup', ...known };
  }
  const before = heldBefore(draft, state);
  if (before) {
    return before;
  }
  const room = state.rooms.get(draft.roomId);
  if (!room) {
    return { status: 'refused', code: 'not-found' };
  }
  const verdict =
    sanctionRefusal(draft, state.sanctions, now) ??
    roomRefusal(draft, room) ??
    rulesRefusal(draft, room.settings, state.consents) ??
    slowModeRefusal(draft, room.settings, state.lastPosts, now) ??
    duplicateRefusal(draft, room.settings, state.saidTexts, now) ??
    judge(draft, room, state) ??
    wait(draft, room, state, plan, now);
  if (verdict) {
    return verdict;
  }
  if (draft.type === 'deny') {
    const action = actionOf(draft, { at: now }, state);
    plan.actions.push(...(action ? [action] : []));
    return { status: 'settled', message: settle(draft, null, state, plan, now) };
  }
  return { status: 'stored', entry: entryOf(draft, room.head + 1, Math.max(now, room.lastAt), state) };
}

/** Holds what is to wait for review. It counts for the modes as if it were posted. */
function wait(
  draft: Draft,
  { settings }: RoomState,
  state: LogState,
  plan: Plan,
  now: number,
): Outcome | null {
  const outcome = hold(draft, settings, state, plan, now);
  if (outcome?.status === 'held' && draft.type === 'post') {
    recordSpeech(draft, { seq: 0, at: now }, state, plan);
  }
  return outcome;
}

/** An archived room only takes what is done to it, and to people in it; one for hosts, only what staff say. */
function roomRefusal({ type, actor }: Draft, { archived, settings }: RoomState): Outcome | null {
  const isWords = type === 'post' || type === 'change';
  const isClosed = archived && (isWords || type === 'remove' || type === 'restore' || type === 'approve');
  const isReviewed = settings.hold || settings.aiWatch === 'hold';
  if (isReviewed && type === 'change' && actor.role === 'user') {
    // What was let through could be turned into anything.
    return { status: 'refused', code: 'room.no-edits' };
  }
  if (actor.guest && isWords && !settings.guests) {
    return { status: 'refused', code: 'room.members-only' };
  }
  const isForHosts = settings.hostsOnly && isWords && actor.role === 'user';
  return isClosed || isForHosts ? { status: 'refused', code: 'room.read-only' } : null;
}

function judge(draft: Draft, room: RoomState, state: LogState): Outcome | null {
  switch (draft.type) {
    case 'change':
    case 'remove':
    case 'restore':
    case 'pin':
      return judgeTarget(draft, state.targets.get(targetKey(draft.roomId, draft.target)));
    case 'unpin':
      return room.pinned === null ? { status: 'refused', code: 'not-found' } : null;
    case 'lift':
      return judgeLift(draft, state);
    case 'approve':
    case 'deny':
      return settleRefusal(draft, state);
    default:
      return null;
  }
}

function judgeLift(
  { echo, sanctionId, action, scope, roomId, user }: LiftDraft,
  state: LogState,
): Outcome | null {
  const inForce = state.sanctions.get(standingKey(action, scope, roomId, user.id))?.id === sanctionId;
  return echo || inForce ? null : { status: 'refused', code: 'not-found' };
}

function record(draft: Draft, entry: Entry, state: LogState, plan: Plan): void {
  const { roomId, seq, id, at } = entry;
  const room = state.rooms.get(roomId)!;
  room.head = seq;
  room.lastAt = at;
  plan.entries.push(entry);
  if (entry.nonce !== null && entry.authorId !== null) {
    state.stored.set(nonceKey(roomId, entry.authorId, entry.nonce), { seq, id, at });
  }
  switch (draft.type) {
    case 'approve':
      settle(draft, seq, state, plan, at);
      state.targets.set(targetKey(roomId, seq), { ...entry, removal: null });
      break;
    case 'post':
      state.targets.set(targetKey(roomId, seq), { ...entry, removal: null });
      recordSpeech(draft, { seq, at }, state, plan);
      break;
    case 'change':
      recordText(draft, entry, state);
      recordSaying(draft, { seq: draft.target, at }, state, plan);
      break;
    case 'remove':
      state.targets.get(targetKey(roomId, draft.target))!.removal = removedBy(entry);
      plan.hidings.push({ type: 'message', roomId, target: draft.target, by: seq });
      break;
    case 'restore':
      state.targets.get(targetKey(roomId, draft.target))!.removal = null;
      plan.hidings.push({ type: 'restore', roomId, target: draft.target, by: seq });
      room.cleared = Math.min(room.cleared, draft.target - 1);
      break;
    case 'clear':
      recordClear(draft, entry, state, plan);
      break;
    case 'pin':
      room.pinned = seq;
      break;
    case 'unpin':
      room.pinned = null;
      break;
    case 'room':
      room.archived = draft.changes.archived ?? room.archived;
      room.settings = { ...room.settings, ...draft.changes.settings, ...remembering(draft) };
      break;
    case 'sanction':
      recordSanction(draft, entry, state, plan);
      break;
    case 'lift':
      state.sanctions.delete(standingKey(draft.action, draft.scope, roomId, draft.user.id));
      if (!draft.echo) {
        plan.lifts.push({ sanctionId: draft.sanctionId, by: draft.actor.id, at });
      }
      break;
    case 'leave':
      recordLeave(draft, entry, state, plan);
      break;
    case 'role':
    case 'poll-open':
    case 'poll-close':
    case 'deny':
      break;
  }
}

/** What everybody may see of it is not changed by an edit that is hidden with its author. */
function recordText({ roomId, target, text }: ChangeDraft, { audience }: Entry, state: LogState): void {
  const message = state.targets.get(targetKey(roomId, target))!;
  if (audience === null || message.audience !== null) {
    message.text = text;
  }
}

function recordSpeech(draft: PostDraft, said: Said, state: LogState, plan: Plan): void {
  const { roomId, actor } = draft;
  if (isSlowed(draft, state.rooms.get(roomId)!.settings)) {
    state.lastPosts.set(speakerKey(roomId, actor.id), said.at);
    plan.posts.push({ roomId, userId: actor.id, at: said.at });
  }
  recordSaying(draft, said, state, plan);
}

function recordSaying(draft: PostDraft | ChangeDraft, said: Said, state: LogState, plan: Plan): void {
  const { roomId, actor } = draft;
  const saying = sayingOf(draft, state.rooms.get(roomId)!.settings);
  if (saying) {
    state.saidTexts.set(saying.key, said);
    plan.sayings.push({ roomId, userId: actor.id, digest: saying.digest, ...said });
  }
}

/** What is stored behind it in the same batch is not cleared. */
function recordClear(draft: ClearDraft, entry: Entry, state: LogState, plan: Plan): void {
  const { roomId, seq: by } = entry;
  const room = state.rooms.get(roomId)!;
  const upTo = clearedUpTo(draft, by);
  plan.hidings.push({ type: 'clear', roomId, after: room.cleared, upTo, by });
  room.cleared = Math.max(room.cleared, upTo);
  hideTargets(state, entry, (_target, seq) => seq <= upTo);
}

function recordSanction(draft: SanctionDraft, entry: Entry, state: LogState, plan: Plan): void {
  const { roomId, seq, at } = entry;
  const key = standingKey(draft.action, draft.scope, roomId, draft.user.id);
  if (!draft.echo) {
    const former = state.sanctions.get(key);
    if (former) {
      plan.lifts.push({ sanctionId: former.id, by: draft.actor.id, at });
    }
    plan.sanctions.push({ draft, at });
  }
  state.sanctions.set(key, { id: draft.sanctionId, action: draft.action, until: draft.until });
  if (draft.action === 'ban' || draft.removesMessages) {
    dropAll(roomId, draft.user.id, state, plan, at);
  }
  if (draft.removesMessages) {
    const authorId = draft.user.id;
    plan.hidings.push({ type: 'author', roomId, authorId, by: seq });
    hideTargets(state, entry, (target) => target.authorId === authorId);
  }
}

function recordLeave(draft: LeaveDraft, entry: Entry, state: LogState, plan: Plan): void {
  const { roomId, seq: by, at } = entry;
  const { id: authorId } = draft.user;
  const removes = draft.removesMessages;
  plan.hidings.push({ type: 'leave', roomId, by, authorId, removes });
  dropAll(roomId, authorId, state, plan, at);
  if (removes) {
    hideTargets(state, entry, (target) => target.authorId === authorId);
  }
  for (const target of state.targets.values()) {
    if (target.authorId === authorId) {
      Object.assign(target, { authorId: null, authorName: null, authorRole: null });
    }
  }
}

/** Marks the messages of the batch that an entry removes as so many at once. */
function hideTargets(
  state: LogState,
  entry: Entry,
  concerns: (target: Target, seq: number) => boolean,
): void {
  for (const [where, target] of state.targets) {
    const [roomId, seq] = where.split(' ').map(Number);
    if (roomId === entry.roomId && concerns(target, seq!)) {
      target.removal ??= removedBy(entry);
    }
  }
}
