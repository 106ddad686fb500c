import type { Role } from '../../protocol/views.js';

/** Somebody as they rank where something is done to them. */
export interface Ranked {
  readonly id: string;
  readonly role: Role;
}

/**
 * Who may act on whom: moderators on people, administrators also on moderators and on each other; nobody on the first
 * administrator, and nobody on themselves.
 */
export function maySanction(actor: Ranked, target: Ranked & { readonly founder: boolean }): boolean {
  if (actor.id === target.id || target.founder) {
    return false;
  }
  return actor.role === 'admin' || (actor.role === 'moderator' && target.role === 'user');
}
