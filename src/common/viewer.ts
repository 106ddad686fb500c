import type { Locale, Role } from '../protocol/views.js';

/** A signed-in person, as far as anything outside `users` needs to know them. */
export interface Account {
  readonly id: string;
  readonly username: string;
  readonly nickname: string;
  readonly role: Role;
  /** Null: follow the browser. */
  readonly locale: Locale | null;
}

/**
 * Who is asking, over HTTP or a socket. Made only by the identity function in `auth`; never from a URL, a body or
 * a frame.
 */
export interface Viewer {
  /** Null for a guest. */
  readonly account: Account | null;
  /** The hashed session id, null without a session. */
  readonly sessionId: string | null;
  readonly locale: Locale;
  /** The caller's address as `TRUST_PROXY` allows it to be seen; a key for limits, never shown to others. */
  readonly address: string;
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
