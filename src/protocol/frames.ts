/** The frames of version 1: `{event, data}` in both directions. `docs/protocol.md` tells their meaning. */

import type { ErrorCode } from './error-codes.js';
import type { AuthorView, PresenceView, RoomRefView, RoomSettings, UserView } from './views.js';

export const PROTOCOL_VERSION = 1;

export type MessageKind = 'chat' | 'admin' | 'ai' | 'system';
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
  removed?: true;
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
        at: string;
      }
    >
  | Frame<'room.cleared', { seq: number; upTo: number; at: string }>
  | Frame<
      'user.sanctioned',
      {
        seq: number;
        user: { id: string; nickname: string };
        action: 'timeout' | 'ban' | 'lift';
        until?: string;
        at: string;
      }
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
  | Frame<'error', ErrorData>
  | Frame<'history', HistoryData>
  | Frame<'presence', PresenceView>
  | Frame<'notice', NoticeData>
  | Frame<'ai.started', { id: string; replyTo: number; omitted?: number }>
  | Frame<'ai.delta', AiDelta>
  | Frame<'ai.snapshot', { id: string; n: number; text: string; status: AiStatus | 'running' }>
  | Frame<'ai.ended', { id: string; status: AiStatus; code?: ErrorCode; seq?: number }>
  | Frame<'ping', { head: number }>
  | Frame<'restart', { spreadMs: number }>;

interface AiDelta {
  id: string;
  n: number;
  text: string;
}

export type ClientFrame =
  | Frame<'say', { text: string; nonce: string; replyTo?: number; kind?: 'admin' }>
  | Frame<'edit', { target: number; text: string; nonce: string }>
  | Frame<'remove', { target: number; nonce: string; reason?: string }>
  | Frame<'history', { before?: number; after?: number; limit?: number }>
  | Frame<'ask', { text: string; nonce: string; replaces?: number }>
  | Frame<'stop', { id: string }>
  | Frame<'regenerate', { id: string }>
  | Frame<'continue', { id: string }>
  | Frame<'sync', { id: string }>;
