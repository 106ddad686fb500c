import type { MessageKind } from '../../protocol/frames.js';
import type { ErrorCode } from '../../protocol/error-codes.js';
import type { Role, RoomSettings } from '../../protocol/views.js';
import { DomainError } from '../../common/errors.js';
import type { Account } from '../../common/viewer.js';
import type { RoomChanges } from '../log/draft.js';
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

/** Why somebody may not take part in a room yet: their account is too new. Staff are exempt. */
export function ageRefusal(
  { role, createdAt }: Pick<Account, 'role' | 'createdAt'>,
  { established }: Pick<RoomSettings, 'established'>,
  now: number,
): DomainError | null {
  const wait = createdAt + established * 1000 - now;
  return role === 'user' && established > 0 && wait > 0
    ? new DomainError('room.established-only', { retryAfterMs: wait })
    : null;
}

/** What a room's moderators may set; all else about a room is its administrators'. */
const MODES = new Set([
  'slowMode',
  'hostsOnly',
  'noLinks',
  'noDuplicates',
  'emojiOnly',
  'guests',
  'hold',
  'shield',
  'delay',
  'established',
  'textLimit',
  'welcome',
  'rules',
  'reactions',
  'questions',
  'aiWatch',
  'aiWatchAbove',
]);

/** Whether somebody, by their rank in the room, may change this about it. */
export function mayChangeRoom(role: Role, { settings = {}, ...changes }: RoomChanges): boolean {
  const areModes = namesOf(settings).every((name) => MODES.has(name));
  return role === 'admin' || (role === 'moderator' && areModes && namesOf(changes).length === 0);
}

const namesOf = (changes: object) =>
  Object.entries(changes).flatMap(([name, value]) => (value === undefined ? [] : [name]));

/** Staff speak as often as hosting takes. */
export function isBudgeted(role: Role): boolean {
  return role === 'user';
}
