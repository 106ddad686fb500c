import type { Locale, Role } from '../protocol/views.js';

/** A signed-in person, as far as anything outside `users` needs to know them. */
export interface Account {
  readonly id: string;
  readonly username: string;
  readonly nickname: string;
  readonly role: Role;
  /** Null: follow the browser. */
  readonly locale: Locale | null;
  /** When they registered, in milliseconds since 1970. */
  readonly createdAt: number;
  /** A guest under a name they chose: no account, and nobody outside a room that lets guests write. */
  readonly guest?: true;
}

/**
 * Who is asking, over HTTP or a socket. Made only by the identity function in `auth`; never from a URL, a body or
 * a frame.
 */
export interface Viewer {
  /** Null for a guest. */
  readonly account: Account | null;
  /** Of a guest who chose a name: who they are where guests may write. Nothing else asks for it. */
  readonly guest?: Account | null;
  /** The hashed session id, null without a session. */
  readonly sessionId: string | null;
  readonly locale: Locale;
  /** The caller's address as `TRUST_PROXY` allows it to be seen; a key for limits, never shown to others. */
  readonly address: string;
}

/** Whoever the viewer speaks as in a room: their account, or the guest that they are; null: nobody. */
export function speakerOf({ account, guest = null }: Pick<Viewer, 'account' | 'guest'>): Account | null {
  return account ?? guest;
}

const RANK: Record<Role, number> = { user: 1, moderator: 2, admin: 3 };

/** True if the viewer holds at least this role; a guest holds none. */
export function hasRole(viewer: Pick<Viewer, 'account'>, role: Role): boolean {
  return viewer.account !== null && RANK[viewer.account.role] >= RANK[role];
}

/** True for moderators and administrators. */
export function isStaff(viewer: Pick<Viewer, 'account'>): boolean {
  return hasRole(viewer, 'moderator');
}
