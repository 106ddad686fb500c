import type { RoomSettings } from '../../protocol/views.js';
import type { HeldMessage } from './held-message.entity.js';
import type { ApproveDraft, DenyDraft, Draft, Outcome } from './draft.js';
import { nonceKey, speakerKey } from './log.keys.js';

/** How much one person, and a room, can have waiting. */
export const MOST_HELD_OF_ONE = 5;
export const MOST_HELD = 200;
const FULL_RETRY_MS = 30_000;

/** What is read under the lock about held messages. */
export interface ReviewState {
  /** Those that the batch settles, by id. */
  readonly held: Map<string, HeldMessage>;
  /** Those that the nonces of the batch made, by `nonceKey`. */
  readonly heldByNonce: Map<string, HeldMessage>;
  /** How many wait: of a room by its id, of a person in it by `speakerKey`; where the batch may add to them. */
  readonly waiting: Map<number | string, number>;
}

/** What of a plan concerns held messages. */
export interface ReviewPlan {
  /** To be inserted. */
  readonly holds: HeldMessage[];
  readonly settlements: Settlement[];
  /** People whose waiting messages in a room are dropped. */
  readonly drops: { roomId: number; userId: string; at: number }[];
}

export interface Settlement {
  readonly id: string;
  readonly status: 'approved' | 'denied' | 'expired';
  readonly at: number;
  readonly seq: number | null;
}

export const noReview = (): ReviewState => ({ held: new Map(), heldByNonce: new Map(), waiting: new Map() });

/** Whether a message may have to wait, for all that is known before the lock. */
export const mayBeHeld = (draft: Draft) => draft.type === 'post' && draft.review !== undefined;

/** The answer to a nonce that was held before; null when it was not. */
export function heldBefore(draft: Draft, { heldByNonce }: ReviewState): Outcome | null {
  const { roomId, actor, nonce } = draft;
  const known = nonce === null ? undefined : heldByNonce.get(nonceKey(roomId, actor.id, nonce));
  if (!known) {
    return null;
  }
  // Something else with its nonce would stand where it is to be posted.
  return draft.type === 'post' ? answerOf(known) : { status: 'refused', code: 'frame.invalid' };
}

/** What somebody is told of their held message. */
export function answerOf({ id, status, seq, settledAt }: HeldMessage): Outcome {
  if (status === 'held') {
    return { status: 'held', id, dup: true };
  }
  return status === 'approved' && seq !== null && settledAt !== null
    ? { status: 'dup', seq, id, at: settledAt }
    : { status: 'refused', code: 'text.denied' };
}

/** Holds a new message where it must wait, or refuses it where too much does; null: it need not. */
export function hold(
  draft: Draft,
  settings: Pick<RoomSettings, 'hold' | 'aiWatch'>,
  state: ReviewState,
  plan: ReviewPlan,
  now: number,
): Outcome | null {
  const isTerm = 'review' in draft && draft.review === 'term';
  const isWaiting = isTerm || settings.hold || settings.aiWatch === 'hold';
  if (draft.type !== 'post' || draft.nonce === null || draft.actor.role !== 'user' || !isWaiting) {
    return null;
  }
  const { roomId, id, actor, nonce, text, replyTo } = draft;
  const userRole = draft.actor.guest ? 'guest' : draft.actor.role;
  const speaker = speakerKey(roomId, actor.id);
  const [own, all] = [state.waiting.get(speaker) ?? 0, state.waiting.get(roomId) ?? 0];
  if (own >= MOST_HELD_OF_ONE || all >= MOST_HELD) {
    return { status: 'refused', code: 'held.full', retryAfterMs: FULL_RETRY_MS };
  }
  const message: HeldMessage = {
    id,
    roomId,
    userId: actor.id,
    userName: actor.nickname,
    userRole,
    nonce,
    text,
    replyTo,
    why: isTerm ? 'term' : settings.hold ? 'mode' : 'check',
    reason: null,
    score: null,
    at: now,
    status: 'held',
    settledAt: null,
    seq: null,
  };
  state.waiting.set(speaker, own + 1).set(roomId, all + 1);
  state.held.set(id, message);
  state.heldByNonce.set(nonceKey(roomId, actor.id, nonce), message);
  plan.holds.push(message);
  return { status: 'held', id, message };
}

/** Why staff cannot settle a message as they want, or that somebody has done so already; null: they can. */
export function settleRefusal(draft: ApproveDraft | DenyDraft, { held }: ReviewState): Outcome | null {
  const message = held.get(draft.heldId);
  if (!message || message.roomId !== draft.roomId) {
    return { status: 'refused', code: 'not-found' };
  }
  if (message.status === 'held') {
    return null;
  }
  if (draft.type === 'approve' && message.status === 'approved') {
    return answerOf(message);
  }
  return draft.type === 'deny' && (message.status === 'denied' || message.status === 'expired')
    ? { status: 'settled', message, dup: true }
    : { status: 'refused', code: 'not-found' };
}

/** Writes down that a message is settled; `seq` where it is posted. */
export function settle(
  draft: ApproveDraft | DenyDraft,
  seq: number | null,
  state: ReviewState,
  plan: ReviewPlan,
  at: number,
): HeldMessage {
  const status = draft.type === 'approve' ? 'approved' : draft.as;
  const message: HeldMessage = { ...state.held.get(draft.heldId)!, status, seq, settledAt: at, text: null };
  plan.settlements.push({ id: message.id, status, seq, at });
  keep(message, state);
  return message;
}

/** Everything of a person that waits in a room is never posted. */
export function dropAll(
  roomId: number,
  userId: string,
  state: ReviewState,
  plan: ReviewPlan,
  at: number,
): void {
  plan.drops.push({ roomId, userId, at });
  for (const message of [...state.held.values(), ...state.heldByNonce.values()]) {
    if (message.roomId === roomId && message.userId === userId && message.status === 'held') {
      keep({ ...message, status: 'dropped', settledAt: at, text: null }, state);
    }
  }
}

function keep(message: HeldMessage, { held, heldByNonce }: ReviewState): void {
  held.set(message.id, message);
  heldByNonce.set(nonceKey(message.roomId, message.userId, message.nonce), message);
}
