import type { ErrorCode } from '../../protocol/error-codes.js';
import type { AiStatus, MessageKind } from '../../protocol/frames.js';
import type { Role, RoomSettings } from '../../protocol/views.js';
import type { Entry } from '../entry.entity.js';

/** Who appends: written into the entry as they stand now. */
export interface Actor {
  readonly id: string;
  readonly nickname: string;
  readonly role: Role | 'ai';
}

interface DraftBase {
  readonly roomId: number;
  /** The id the entry will have, made by the server. */
  readonly id: string;
  readonly actor: Actor;
  /** Unique per actor and room: the same nonce again is the same entry. Null for what only the server appends. */
  readonly nonce: string | null;
}

export interface PostDraft extends DraftBase {
  readonly type: 'post';
  readonly kind: MessageKind;
  readonly text: string;
  readonly replyTo: number | null;
  /** How the answer ended; only with the kind `ai`. */
  readonly ai?: { readonly status: AiStatus };
}

export interface ChangeDraft extends DraftBase {
  readonly type: 'change';
  readonly target: number;
  readonly text: string;
  /** How an answer that went on has ended now. */
  readonly ai?: { readonly status: AiStatus };
}

export interface RemoveDraft extends DraftBase {
  readonly type: 'remove';
  readonly target: number;
  readonly reason: string | null;
}

export interface RoomDraft extends DraftBase {
  readonly type: 'room';
  readonly changes: RoomChanges;
}

/** What is to be appended. Everything that needs no lock has been checked before; the rest is decided under it. */
export type Draft = PostDraft | ChangeDraft | RemoveDraft | RoomDraft;

/** What an administrator changes about a room; absent fields stay. */
export interface RoomChanges {
  readonly title?: string;
  readonly embed?: string | null;
  readonly settings?: Partial<RoomSettings>;
  readonly archived?: boolean;
}

/** What became of a draft, known only after the commit. */
export type Outcome =
  | { readonly status: 'stored'; readonly entry: Entry }
  /** It was there already: the entry of the first time. */
  | { readonly status: 'dup'; readonly seq: number; readonly id: string; readonly at: number }
  | { readonly status: 'refused'; readonly code: ErrorCode };
