import type { ErrorCode } from '../../protocol/error-codes.js';
import type {
  AiStatus,
  AnnouncementStyle,
  EmoteChanges,
  MessageKind,
  EventSessionView,
  RaidedView,
} from '../../protocol/frames.js';
import type { Role, RoomSettings, SanctionAction } from '../../protocol/views.js';
import { DomainError } from '../../common/errors.js';
import type { Entry } from '../messages/entry.entity.js';
import type { Action } from './action.entity.js';
import type { HeldMessage } from './held-message.entity.js';

/** Who appends: written into the entry as they stand now. */
export interface Actor {
  readonly id: string;
  readonly nickname: string;
  readonly role: Role | 'ai';
  /** A guest under a name they chose: a `user` for every rule. */
  readonly guest?: true;
}

/** The server itself, which nobody is: as the author of what it says it is shown to nobody. */
export const SERVER: Actor = { id: 'server', nickname: '', role: 'ai' };

interface DraftBase {
  readonly roomId: number;
  /** The id the entry will have, made by the server. */
  readonly id: string;
  readonly actor: Actor;
  /** Unique per actor and room: the same nonce again is the same entry. Null for what only the server appends. */
  readonly nonce: string | null;
  /** The address it was asked from. With it, what staff do is kept in the action log (`action.draft.ts`). */
  readonly from?: string;
}

export interface PostDraft extends DraftBase {
  readonly type: 'post';
  readonly kind: MessageKind;
  readonly text: string;
  readonly replyTo: number | null;
  /** Names what it says, where a person's duplicates are refused; null elsewhere. */
  readonly digest?: string | null;
  /** The room has rules that its speaker must have read. */
  readonly isRuled?: boolean;
  /** The title of its room from now on, unless that has one. */
  readonly entitles?: string;
  /** Why it may have to wait for review: the mode of the room, for all that is known, or a term in it. */
  readonly review?: 'mode' | 'term' | undefined;
  /** How the answer ended; only with the kind `ai`. */
  readonly ai?: { readonly status: AiStatus };
  /** How an announcement looks; only with the kind `admin`. */
  readonly style?: AnnouncementStyle;
}

export interface ChangeDraft extends DraftBase {
  readonly type: 'change';
  readonly target: number;
  readonly text: string;
  readonly digest?: string | null;
  readonly isRuled?: boolean;
  /** How an answer that went on has ended now. */
  readonly ai?: { readonly status: AiStatus };
}

export interface RemoveDraft extends DraftBase {
  readonly type: 'remove';
  readonly target: number;
  readonly reason: string | null;
}

/** Brings back what staff removed. */
export interface RestoreDraft extends DraftBase {
  readonly type: 'restore';
  readonly target: number;
  readonly reason: string | null;
}

/** Shows a message above all others; it takes the place of the one before. */
export interface PinDraft extends DraftBase {
  readonly type: 'pin';
  readonly target: number;
  /** When it ends, in milliseconds since 1970; null: not by itself. */
  readonly until: number | null;
}

export interface UnpinDraft extends DraftBase {
  readonly type: 'unpin';
}

/** Asks everybody in the room something. That there is one at a time, its row sees to. */
export interface OpenPollDraft extends DraftBase {
  readonly type: 'poll-open';
  readonly poll: AskedPoll & {
    /** When it ends by itself, in milliseconds since 1970. */
    readonly closesAt: number;
  };
}

/** Says how a poll ended. */
export interface ClosePollDraft extends DraftBase {
  readonly type: 'poll-close';
  readonly poll: AskedPoll;
  /** The seq that opened it. */
  readonly opened: number;
  /** Votes by choice. */
  readonly counts: readonly number[];
  readonly isEarly: boolean;
}

export interface AskedPoll {
  readonly id: string;
  readonly question: string;
  readonly choices: readonly string[];
}

/** Removes every message up to a seq, or to where the log is when it is stored. */
export interface ClearDraft extends DraftBase {
  readonly type: 'clear';
  readonly upTo: number | null;
  readonly reason: string | null;
}

export interface RoomDraft extends DraftBase {
  readonly type: 'room';
  readonly changes: RoomChanges;
  /** What the room is to remember for when its shield is lowered; null: nothing. `withShield` says it. */
  readonly before?: string | null;
}

/** A time-out, a ban, or that somebody is hidden. */
export interface SanctionDraft extends DraftBase {
  readonly type: 'sanction';
  readonly sanctionId: string;
  readonly user: Person;
  readonly action: SanctionAction;
  readonly scope: SanctionScope;
  /** When it ends, in milliseconds since 1970; null: not by itself. */
  readonly until: number | null;
  readonly reason: string | null;
  /** Whether all that they said in this room goes with it. */
  readonly removesMessages: boolean;
  /** It is in force already: only this room is still to be told. */
  readonly echo: boolean;
}

/** The end of a sanction before its time. */
export interface LiftDraft extends DraftBase {
  readonly type: 'lift';
  readonly sanctionId: string;
  readonly user: Person;
  /** What it was. */
  readonly action: SanctionAction;
  readonly scope: SanctionScope;
  readonly echo: boolean;
}

/** Somebody becomes a moderator of the room, or is one no more. */
export interface RoleDraft extends DraftBase {
  readonly type: 'role';
  readonly user: Person;
  readonly role: 'moderator' | 'user';
}

/** Somebody has deleted their account: nothing in the room names them any more, or what they said is gone with them. */
export interface LeaveDraft extends DraftBase {
  readonly type: 'leave';
  readonly user: Pick<Person, 'id'>;
  readonly removesMessages: boolean;
}

/** Staff let a held message into the log: its author says it, now. */
export interface ApproveDraft extends DraftBase {
  readonly type: 'approve';
  readonly heldId: string;
  /** Its author. */
  readonly user: Person;
}

/** A held message is not let into the log: by staff, or since nobody looked at it in time. */
export interface DenyDraft extends DraftBase {
  readonly type: 'deny';
  readonly heldId: string;
  readonly as: 'denied' | 'expired';
}

/** One room, or all there is. */
export type SanctionScope = 'room' | 'server';

/** Whom something is done to, as they are called now. */
export interface Person {
  readonly id: string;
  readonly nickname: string;
}

/** What is to be appended. Everything that needs no lock has been checked before; the rest is decided under it. */
export type Draft =
  | PostDraft
  | ChangeDraft
  | RemoveDraft
  | RestoreDraft
  | PinDraft
  | UnpinDraft
  | OpenPollDraft
  | ClosePollDraft
  | ClearDraft
  | RoomDraft
  | SanctionDraft
  | LiftDraft
  | RoleDraft
  | LeaveDraft
  | ApproveDraft
  | DenyDraft;

/** What is changed about a room; absent fields stay. */
export interface RoomChanges {
  readonly title?: string;
  readonly embed?: string | null;
  readonly settings?: Partial<RoomSettings>;
  readonly archived?: boolean;
  readonly emotes?: EmoteChanges;
  readonly session?: EventSessionView;
  readonly raided?: RaidedView;
}

/** What became of a draft, known only after the commit. */
export type Outcome =
  | { readonly status: 'stored'; readonly entry: Entry; readonly action?: Action }
  /** It was there already: the entry of the first time. */
  | { readonly status: 'dup'; readonly seq: number; readonly id: string; readonly at: number }
  /** It waits for review; `message`: since now. */
  | { readonly status: 'held'; readonly id: string; readonly dup?: true; readonly message?: HeldMessage }
  /** A held message will not be posted. */
  | { readonly status: 'settled'; readonly message: HeldMessage; readonly dup?: true }
  | Refused;

export interface Refused {
  readonly status: 'refused';
  readonly code: ErrorCode;
  readonly retryAfterMs?: number;
}

/** The refusal to throw. */
export function refusalOf({ code, retryAfterMs }: Refused): DomainError {
  return new DomainError(code, retryAfterMs === undefined ? {} : { retryAfterMs });
}
