import type { RoomSettings, SanctionAction } from '../../protocol/views.js';
import { hasRules, rulesId } from '../rooms/rules.js';
import type { Draft, Outcome } from './draft.js';
import { hideKey, saidKey, sanctionKey, speakerKey, warningKey } from './log.keys.js';

/** A sanction in force against somebody, or a warning that they have not acknowledged. */
export interface Standing {
  readonly id: string;
  readonly action: SanctionAction | 'warning';
  /** In milliseconds since 1970; null: until it is lifted. */
  readonly until: number | null;
}

/**
 * What somebody may no longer do: with a ban, anything; with a time-out, write; with a warning, write until they have
 * acknowledged it. To take back one's own words stays possible. The AI and the server are nobody.
 */
export function sanctionRefusal(
  { type, roomId, actor }: Draft,
  sanctions: ReadonlyMap<string, Standing>,
  now: number,
): Outcome | null {
  if (actor.role === 'ai') {
    return null;
  }
  const own = (['server', 'room'] as const).flatMap(
    (scope) => sanctions.get(sanctionKey(scope, roomId, actor.id)) ?? [],
  );
  if (own.some(({ action }) => action === 'ban')) {
    return { status: 'refused', code: 'user.banned' };
  }
  const wait = Math.max(0, ...own.map(({ until }) => (until ?? 0) - now));
  if (wait > 0 && type !== 'remove') {
    return { status: 'refused', code: 'user.timed-out', retryAfterMs: wait };
  }
  const isWarned = sanctions.has(warningKey(roomId, actor.id));
  return isWarned && (type === 'post' || type === 'change')
    ? { status: 'refused', code: 'user.warned' }
    : null;
}

/** Whether others than staff are not to see what somebody says: of people alone, never of staff. */
export function isHidden(
  roomId: number,
  { id, role }: Pick<Draft['actor'], 'id' | 'role'>,
  sanctions: ReadonlyMap<string, Standing>,
): boolean {
  return (
    role === 'user' &&
    (['server', 'room'] as const).some((scope) => sanctions.has(hideKey(scope, roomId, id)))
  );
}

/** Whether this counts for slow mode: what people say, not staff and not the server. */
export function isSlowed({ type, actor }: Draft, { slowMode }: Pick<RoomSettings, 'slowMode'>): boolean {
  return slowMode > 0 && type === 'post' && actor.role === 'user';
}

export function slowModeRefusal(
  draft: Draft,
  settings: RoomSettings,
  lastPosts: ReadonlyMap<string, number>,
  now: number,
): Outcome | null {
  const last = lastPosts.get(speakerKey(draft.roomId, draft.actor.id));
  if (last === undefined || !isSlowed(draft, settings)) {
    return null;
  }
  // A clock that was ahead keeps nobody for longer than the mode does.
  const wait = Math.min(last - now, 0) + settings.slowMode * 1000;
  return wait > 0 ? { status: 'refused', code: 'room.slow-mode', retryAfterMs: wait } : null;
}

/** Whether somebody has yet to read the rules of the room, as they are now. They bind people, not staff or the server. */
export function rulesRefusal(
  { type, roomId, actor }: Draft,
  settings: Pick<RoomSettings, 'welcome' | 'rules'>,
  consents: ReadonlyMap<string, string>,
): Outcome | null {
  const isBound = (type === 'post' || type === 'change') && actor.role === 'user' && hasRules(settings);
  return isBound && consents.get(speakerKey(roomId, actor.id)) !== rulesId(settings)
    ? { status: 'refused', code: 'rules.unread' }
    : null;
}

/** So long nobody may say the same again where duplicates are refused. */
export const DUPLICATE_MS = 30_000;

/** When somebody said something, and which message says it. */
export interface Said {
  readonly seq: number;
  readonly at: number;
}

/** What of a draft must not be a duplicate; null for whatever may be one. */
export function sayingOf(
  draft: Draft,
  { noDuplicates }: Pick<RoomSettings, 'noDuplicates'>,
): { readonly digest: string; readonly key: string } | null {
  const digest = 'digest' in draft ? (draft.digest ?? null) : null;
  return noDuplicates && digest !== null && draft.actor.role === 'user'
    ? { digest, key: saidKey(draft.roomId, draft.actor.id, digest) }
    : null;
}

export function duplicateRefusal(
  draft: Draft,
  settings: RoomSettings,
  saidTexts: ReadonlyMap<string, Said>,
  now: number,
): Outcome | null {
  const saying = sayingOf(draft, settings);
  const said = saying && saidTexts.get(saying.key);
  if (!said || (draft.type === 'change' && draft.target === said.seq)) {
    return null;
  }
  const wait = said.at + DUPLICATE_MS - now;
  return wait > 0 ? { status: 'refused', code: 'text.duplicate', retryAfterMs: wait } : null;
}
