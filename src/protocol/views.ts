/** What the outside sees of people and rooms: plain JSON, whitelisted field by field by the presenters. */

export type Locale = 'ko' | 'en';
export type Role = 'user' | 'moderator' | 'admin';
export type RoomKind = 'chat' | 'stream' | 'assistant';

/** A person as the person sees themselves; `username` and `locale` are present only there. */
export interface UserView {
  id: string;
  username?: string;
  nickname: string;
  role: Role;
  locale?: Locale | null;
  /** A hue, 0–359, derived from the id and therefore stable. */
  color: number;
}

/** Who wrote an entry, as it stood when it was written. The AI has the id and the role `ai`. */
export interface AuthorView {
  id: string;
  nickname: string;
  role: Role | 'ai';
  color: number;
}

/** What a room's staff can set; every field has a default, so an empty object is a valid room. */
export interface RoomSettings {
  /** Longest message in graphemes, 1–500. */
  textLimit: number;
  /** Joined and left notices are sent only while at most this many people are here. */
  noticesUpTo: number;
}

export interface RoomRefView {
  slug: string;
  title: string;
  kind: RoomKind;
  settings: RoomSettings;
}

/** A room in lists and on its own page. */
export interface RoomView extends RoomRefView {
  /** Where the event plays: a page or playlist address, or null when the chat stands alone. */
  embed: string | null;
  archived: boolean;
  presence: PresenceView;
}

/** `count` is people (each account once, each guest socket once); `sockets` is open connections. */
export interface PresenceView {
  count: number;
  sockets: number;
  approx?: true;
}

/** One of a person's own conversations with the AI. */
export interface ConversationView {
  id: string;
  title: string;
  createdAt: string;
  /** When something was last said. */
  updatedAt: string;
  /** What a search found in it; absent when it was the title. */
  match?: { seq: number; text: string };
}

/** One of a person's own log-ins. */
export interface SessionView {
  id: string;
  current: boolean;
  agent: string;
  createdAt: string;
  seenAt: string;
}
