import type { MessageKind } from '../protocol/frames.js';
import type { ErrorCode } from '../protocol/error-codes.js';
import type { Role } from '../protocol/views.js';
import type { Account } from '../common/viewer.js';
import type { Room } from './room.entity.js';

/** Why this person may not say this here; null when they may. A guest is nobody. */
export function postingRefusal(
  account: Account | null,
  room: Pick<Room, 'archived'>,
  kind: MessageKind,
): ErrorCode | null {
  if (account === null) {
    return 'auth.required';
  }
  if (kind === 'admin' && account.role !== 'admin') {
    return 'auth.forbidden';
  }
  return room.archived ? 'room.read-only' : null;
}

/** Staff speak as often as hosting takes. */
export function isBudgeted(role: Role): boolean {
  return role === 'user';
}
