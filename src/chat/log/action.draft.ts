import type { ActionKind } from '../../protocol/views.js';
import type { Entry } from '../messages/entry.entity.js';
import type { Action } from './action.entity.js';
import type { LogState } from './append.plan.js';
import type { Draft, LiftDraft, Person, RoomChanges, SanctionDraft } from './draft.js';
import { targetKey } from './log.keys.js';

/** What the action log keeps of an act, besides who did it. */
interface Act {
  readonly action: ActionKind;
  readonly user?: Person | null;
  readonly target?: number;
  readonly reason?: string | null;
  readonly details?: object;
  /** It concerns the whole server. */
  readonly everywhere?: boolean;
}

/** What the action log keeps of a draft that is being stored; null when it is no act of staff. */
export function actionOf(
  draft: Draft,
  { at, seq }: Pick<Entry, 'at'> & { seq?: number },
  state: LogState,
): Action | null {
  const { id, roomId, actor, from } = draft;
  if (from === undefined || actor.role === 'ai' || actor.role === 'user') {
    return null;
  }
  const act = actOf(draft, state, seq);
  return (
    act && {
      id,
      at,
      roomId: act.everywhere ? null : roomId,
      action: act.action,
      byId: actor.id,
      byName: actor.nickname,
      byRole: actor.role,
      address: from,
      userId: act.user?.id ?? null,
      userName: act.user?.nickname ?? null,
      target: act.target ?? null,
      reason: act.reason ?? null,
      details: act.details ? JSON.stringify(act.details) : null,
    }
  );
}

function actOf(draft: Draft, state: LogState, seq: number | undefined): Act | null {
  switch (draft.type) {
    case 'post':
      return draft.kind === 'admin' && seq !== undefined ? { action: 'message.announce', target: seq } : null;
    case 'change':
    case 'leave':
    case 'poll-close':
      return null;
    case 'remove': {
      const { target, reason } = draft;
      const user = authorOf(draft, state);
      return user?.id === draft.actor.id ? null : { action: 'message.remove', user, target, reason };
    }
    case 'restore': {
      const { target, reason } = draft;
      return { action: 'message.restore', user: authorOf(draft, state), target, reason };
    }
    case 'pin': {
      const { target, until } = draft;
      const details = until === null ? {} : { until: new Date(until).toISOString() };
      return { action: 'room.pin', user: authorOf(draft, state), target, details };
    }
    case 'unpin':
      return { action: 'room.unpin' };
    case 'poll-open': {
      const { question, choices } = draft.poll;
      return { action: 'poll.start', details: { question, choices } };
    }
    case 'clear':
      return { action: 'room.clear', reason: draft.reason };
    case 'room':
      return roomAct(draft.changes);
    case 'sanction':
      return draft.echo ? null : sanctionAct(draft);
    case 'lift': {
      const action = draft.action === 'hide' ? 'user.unhide' : 'user.lift';
      return draft.echo ? null : { action, user: draft.user, everywhere: isEverywhere(draft) };
    }
    case 'approve':
    case 'deny': {
      const { userId, userName } = state.held.get(draft.heldId)!;
      return { action: `message.${draft.type}`, user: { id: userId, nickname: userName } };
    }
    case 'role':
      return { action: 'user.role', user: draft.user, details: { role: draft.role } };
  }
}

function authorOf({ roomId, target }: { roomId: number; target: number }, state: LogState): Person | null {
  const { authorId, authorName } = state.targets.get(targetKey(roomId, target))!;
  return authorId === null ? null : { id: authorId, nickname: authorName ?? '' };
}

function sanctionAct(draft: SanctionDraft): Act {
  const { user, reason, until, removesMessages } = draft;
  return {
    action: `user.${draft.action}`,
    user,
    reason,
    everywhere: isEverywhere(draft),
    details: {
      ...(until !== null && { until: new Date(until).toISOString() }),
      ...(removesMessages && { removed: true }),
    },
  };
}

const isEverywhere = ({ scope }: SanctionDraft | LiftDraft) => scope === 'server';

function roomAct(changes: RoomChanges): Act {
  const { emotes } = changes;
  if (emotes) {
    const { added = [], removed = [] } = emotes;
    return {
      action: removed.length > 0 ? 'emote.remove' : 'emote.add',
      details: { names: [...added.map(({ name }) => name), ...removed] },
    };
  }
  return { action: roomAction(changes), details: changes };
}

function roomAction({ archived, settings }: RoomChanges): ActionKind {
  if (archived !== undefined) {
    return archived ? 'room.archive' : 'room.reopen';
  }
  return settings ? 'room.modes' : 'room.change';
}
