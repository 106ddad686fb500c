import type { Role } from '../../protocol/views.js';
import type { Actor } from '../log/draft.js';

/** Whose a message is, as it was when it was written. */
export interface Authored {
  readonly authorId: string | null;
  readonly authorRole: string | null;
}

const RANK: Record<string, number> = { guest: 1, user: 1, ai: 1, moderator: 2, admin: 3 } satisfies Record<
  Role | 'ai' | 'guest',
  number
>;

/** Only one's own words can be changed: staff remove, they do not put words in anybody's mouth. */
export function canChange(actor: Actor, message: Authored): boolean {
  return message.authorId === actor.id;
}

/** One's own messages, and for staff those of people below them; an administrator may remove any. */
export function canRemove(actor: Actor, message: Authored): boolean {
  if (message.authorId === actor.id || actor.role === 'admin') {
    return true;
  }
  return actor.role === 'moderator' && (RANK[message.authorRole ?? 'user'] ?? 1) < RANK['moderator']!;
}

/**
 * What staff removed, staff bring back, as far as they could have removed it; a moderator nothing that an administrator
 * removed. Null as the remover's role: its author took it back, and it stays so.
 */
export function canRestore(actor: Actor, message: Authored, removerRole: string | null): boolean {
  if (removerRole === null) {
    return false;
  }
  return (
    actor.role === 'admin' ||
    (actor.role === 'moderator' && removerRole !== 'admin' && canRemove(actor, message))
  );
}
