import type { Role } from '../../protocol/views.js';
import type { Entry } from '../messages/entry.entity.js';
import { canChange, canRemove, canRestore } from '../messages/message.policy.js';
import type { StoredRef } from './append.plan.js';
import type { ChangeDraft, Outcome, PinDraft, RemoveDraft, RestoreDraft } from './draft.js';

/** A message that something is done to, as it stands. */
export interface Target extends Pick<
  Entry,
  'event' | 'id' | 'kind' | 'authorId' | 'authorName' | 'authorRole' | 'audience' | 'at'
> {
  /** With its edits; null when it has been erased. */
  text: string | null;
  /** The removal that is in force, if any. */
  removal: Removal | null;
}

/** What removed a message: a removal of its own, a sanction against its author, or the clearing of the room. */
export interface Removal extends StoredRef {
  readonly event: Entry['event'];
  readonly byId: string | null;
  readonly byRole: Role | 'ai' | 'guest' | null;
}

const NOT_FOUND = { status: 'refused', code: 'not-found' } as const;

/** The removal that an entry is. */
export function removedBy({ seq, id, at, event, authorId, authorRole }: Entry): Removal {
  return { seq, id, at, event, byId: authorId, byRole: authorRole };
}

/** Whether the author took it back. Who clears a room clears their own words as staff. */
export function isTakenBack(authorId: string | null, { event, byId }: Removal): boolean {
  return event === 'message.removed' && byId === authorId;
}

/** Why something cannot be done to a message, or what had been done; null when it can. */
export function judgeTarget(
  draft: ChangeDraft | RemoveDraft | RestoreDraft | PinDraft,
  target: Target | undefined,
): Outcome | null {
  if (target?.event !== 'message.posted') {
    return NOT_FOUND;
  }
  const { removal } = target;
  switch (draft.type) {
    case 'change':
      return judged(canChange(draft.actor, target), removal && NOT_FOUND);
    case 'remove':
      // Removing again is the removal there already is.
      return judged(canRemove(draft.actor, target), removal && { status: 'dup', ...refOf(removal) });
    case 'restore':
      return removal === null ? NOT_FOUND : judgeRestore(draft, target, removal);
    case 'pin':
      // What is hidden would be shown to all.
      return removal || target.audience !== null ? NOT_FOUND : null;
  }
}

/** Only while its text is kept. */
function judgeRestore({ actor }: RestoreDraft, target: Target, removal: Removal): Outcome | null {
  const remover = isTakenBack(target.authorId, removal) ? null : removal.byRole;
  return judged(canRestore(actor, target, remover), target.text === null ? NOT_FOUND : null);
}

function judged(isAllowed: boolean, otherwise: Outcome | null): Outcome | null {
  return isAllowed ? otherwise : { status: 'refused', code: 'auth.forbidden' };
}

function refOf({ seq, id, at }: Removal): StoredRef {
  return { seq, id, at };
}
