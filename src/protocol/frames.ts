/** The frames of version 1: `{event, data}` in both directions. `docs/protocol.md` tells their meaning. */

import type { ErrorCode } from './error-codes.js';
import type {
  ActionView,
  AuthorView,
  EmoteView,
  FiguresView,
  HeldView,
  OpenedPollView,
  PinView,
  PollView,
  PresenceView,
  QuestionView,
  RaidView,
  Reaction,
  ReportedView,
  ReportOutcome,
  RoomRefView,
  RoomSettings,
  SanctionAction,
  UserView,
  WarningView,
} from './views.js';

export const PROTOCOL_VERSION = 1;

export type MessageKind = 'chat' | 'admin' | 'ai' | 'system';
/** How an announcement looks: calm, something to mind, something to be glad about. */
export type AnnouncementStyle = 'info' | 'warning' | 'celebration';
export type AiStatus = 'complete' | 'stopped' | 'truncated' | 'filtered' | 'failed' | 'interrupted';

interface Frame<Event extends string, Data> {
  event: Event;
  data: Data;
}

export interface PostedMessage {
  seq: number;
  id: string;
  kind: MessageKind;
  /** Null once the account is deleted. */
  author: AuthorView | null;
  /** Null once the message is removed. */
  text: string | null;
  at: string;
  nonce?: string;
  replyTo?: number;
  ai?: { status: AiStatus };
  /** Of an announcement; absent: `info`. */
  style?: AnnouncementStyle;
  removed?: true;
  /** To staff alone: others than them and its author do not see it. */
  hidden?: true;
}

/** Emotes that a room has from now on, and names of those it has no longer. */
export interface EmoteChanges {
  added?: EmoteView[];
  removed?: string[];
}

/** An event of a room; with `endedAt`, it is over. */
export interface EventSessionView {
  id: string;
  title: string;
  startedAt: string;
  endedAt?: string;
}

/** Where people came from, and how many. */
export interface RaidedView {
  from: { slug: string; title: string };
  people: number;
}

/** Everything durable: it takes the next `seq` of its room. */
export type EntryFrame =
  | Frame<'message.posted', PostedMessage>
  | Frame<'message.removed', { seq: number; target: number; by: 'author' | 'staff'; at: string }>
  | Frame<
      'message.changed',
      { seq: number; target: number; text: string; at: string; ai?: { status: AiStatus } }
    >
  | Frame<'message.restored', { seq: number; target: number; text: string; by: 'staff'; at: string }>
  | Frame<'message.withheld', { seq: number }>
  | Frame<
      'room.changed',
      {
        seq: number;
        settings?: Partial<RoomSettings>;
        title?: string;
        embed?: string | null;
        archived?: boolean;
        emotes?: EmoteChanges;
        /** An event begins, with an empty chat, or has ended. */
        session?: EventSessionView;
        /** People have come from another room of this server. */
        raided?: RaidedView;
        at: string;
      }
    >
  | Frame<'room.cleared', { seq: number; upTo: number; at: string }>
  | Frame<'room.pinned', PinView>
  | Frame<'room.unpinned', { seq: number; at: string }>
  | Frame<'room.poll-opened', OpenedPollView>
  | Frame<
      'room.poll-closed',
      {
        seq: number;
        /** The poll, and the entry that opened it. */
        id: string;
        opened: number;
        question: string;
        choices: string[];
        /** Votes by choice: the result. */
        counts: number[];
        /** Staff ended it before its time. */
        early?: true;
        at: string;
      }
    >
  | Frame<
      'user.sanctioned',
      {
        seq: number;
        user: { id: string; nickname: string };
        /** `hide` and `unhide` reach staff alone. */
        action: SanctionAction | 'lift' | 'unhide';
        until?: string;
        /** It holds in every room. */
        scope?: 'server';
        /** Every message of theirs up to here is removed with it. */
        removed?: true;
        at: string;
      }
    >
  /** Who wrote what this person wrote is from now on nobody; with `removed` none of it is there any more. */
  | Frame<'user.deleted', { seq: number; user: { id: string }; removed?: true; at: string }>
  | Frame<
      'user.role-changed',
      { seq: number; user: { id: string; nickname: string }; role: 'moderator' | 'user'; at: string }
    >;

export type EntryEvent = EntryFrame['event'];

export interface WelcomeData {
  v: typeof PROTOCOL_VERSION;
  room: RoomRefView;
  viewer: UserView | null;
  epoch: string;
  head: number;
  first: number;
  mode: 'snapshot' | 'resume';
  limits: { text: number; frame: number; posts: number; windowMs: number };
  presence: PresenceView;
  /** While the viewer may not write: until when. */
  timedOutUntil?: string;
  /** What is pinned now, as it reads now. */
  pinned?: PinView;
  /** The poll that is open, as it stands. */
  poll?: PollView;
  /** Where the room's viewers are being led. */
  raid?: RaidView;
  /** What the viewer has to acknowledge before they may write. */
  warnings?: WarningView[];
  /** The event that is on, or was last, and where its chat begins. */
  session?: EventSessionView & { firstSeq: number };
  /** With a snapshot: the emotes of the room, if it has any. What a resumed client has goes on through the log. */
  emotes?: EmoteView[];
}

export interface AckData {
  nonce: string;
  seq: number;
  id: string;
  at: string;
  dup?: true;
}

export interface ErrorData {
  code: ErrorCode;
  message: string;
  nonce?: string;
  replyTo?: number;
  /** Field name to what is wrong with it, in the caller's language. */
  fields?: Record<string, string>;
  retryAfterMs?: number;
}

export interface HistoryData {
  before?: number;
  after?: number;
  entries: EntryFrame[];
  more: boolean;
}

export interface NoticeData {
  kind: 'joined' | 'left';
  nickname?: string;
  count: number;
}

export type ServerFrame =
  | EntryFrame
  | Frame<'welcome', WelcomeData>
  | Frame<'batch', { events: (EntryFrame | Frame<'ai.delta', AiDelta>)[] }>
  | Frame<'live', { seq: number }>
  | Frame<'ack', AckData>
  | Frame<'held', { nonce: string; id: string }>
  | Frame<'held.added', HeldView>
  | Frame<'held.settled', { id: string; as: 'approved' | 'denied' | 'expired' }>
  | Frame<'held.dropped', { user: string }>
  | Frame<'report.added', ReportedView>
  | Frame<'report.settled', { target: number; as: ReportOutcome }>
  | Frame<'warned', WarningView>
  | Frame<'warning.acknowledged', { id: string; user: string }>
  | Frame<'error', ErrorData>
  | Frame<'history', HistoryData>
  /** What has taken texts out of the log, for who is sent it late: with those texts, and not with its place. */
  | Frame<'gone', EntryFrame>
  | Frame<'presence', PresenceView>
  | Frame<'question.asked', QuestionView>
  | Frame<'question.removed', { id: string }>
  | Frame<'question.votes', { votes: Record<string, number> }>
  | Frame<'reactions', { counts: ReactionCounts }>
  | Frame<'poll.counts', { id: string; counts: number[] }>
  | Frame<'raid.started', RaidView>
  /** The time is up; `stopped`: before that, and nobody goes. */
  | Frame<'raid.ended', { id: string; stopped?: true }>
  | Frame<'notice', NoticeData>
  | Frame<'ai.queued', { id: string; replyTo: number; place: number }>
  | Frame<'ai.started', { id: string; replyTo: number; omitted?: number }>
  | Frame<'ai.delta', AiDelta>
  | Frame<
      'ai.snapshot',
      { id: string; n: number; text: string; status: AiStatus | 'running'; replyTo?: number }
    >
  | Frame<'ai.ended', { id: string; status: AiStatus; code?: ErrorCode; seq?: number }>
  | Frame<'ignored', { people: UserView[] }>
  | Frame<'staff.action', ActionView>
  | Frame<'staff.figures', FiguresView>
  | Frame<'person.renamed', { id: string; user: { id: string; nickname: string }; from: string; at: string }>
  | Frame<'ping', { head: number }>
  | Frame<'restart', { spreadMs: number }>;

/** How many of each came in a while; those that did not come are not there. */
export type ReactionCounts = Partial<Record<Reaction, number>>;

interface AiDelta {
  id: string;
  n: number;
  text: string;
}

export type ClientFrame =
  | Frame<'say', { text: string; nonce: string; replyTo?: number; kind?: 'admin'; style?: AnnouncementStyle }>
  | Frame<'edit', { target: number; text: string; nonce: string }>
  | Frame<'remove', { target: number; nonce: string; reason?: string }>
  | Frame<'react', { reaction: Reaction }>
  | Frame<'raid.go', { id: string }>
  | Frame<'history', { before?: number; after?: number; limit?: number }>
  | Frame<'ask', { text: string; nonce: string; replaces?: number }>
  | Frame<'stop', { id: string }>
  | Frame<'regenerate', { id: string }>
  | Frame<'continue', { id: string }>
  | Frame<'sync', { id: string }>;
