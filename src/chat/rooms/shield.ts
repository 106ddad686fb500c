import type { RoomSettings } from '../../protocol/views.js';
import type { RoomDraft } from '../log/draft.js';
import type { StoredSettings } from './room-settings.js';

type Settings = Partial<RoomSettings>;

/** What holds at least while a room is shielded. */
const STRICT = { slowMode: 30, established: 900, noLinks: true, noDuplicates: true, guests: false } as const;

/**
 * A change of a room as it is to be stored, with the shield in mind: raising it sets what is not as strict already, and
 * remembers what to go back to; lowering it goes back, but not over what staff set meanwhile. Decided under the lock, so
 * that two who raise it at the same time do not remember each other's.
 */
export function withShield(draft: RoomDraft, present: StoredSettings): RoomDraft {
  const { settings } = draft.changes;
  if (!settings) {
    return draft;
  }
  const remembered: Settings = JSON.parse(present.beforeShield ?? '{}');
  const { shield = present.shield } = settings;
  if (shield === present.shield) {
    return shield ? { ...draft, before: JSON.stringify(without(remembered, settings)) } : draft;
  }
  const around = shield ? strictest(present) : remembered;
  const changes = { ...draft.changes, settings: { ...without(around, settings), ...settings } };
  const before = shield ? JSON.stringify(without(only(present, around), settings)) : null;
  return { ...draft, changes, before };
}

/** What a stored change writes beside the settings that everybody sees. */
export function remembering({ before }: RoomDraft): { beforeShield?: string | undefined } {
  return before === undefined ? {} : { beforeShield: before ?? undefined };
}

/** What has to change so that a room is as strict as the shield is. */
function strictest({ slowMode, established, noLinks, noDuplicates, guests }: RoomSettings): Settings {
  return {
    ...(slowMode < STRICT.slowMode && { slowMode: STRICT.slowMode }),
    ...(established < STRICT.established && { established: STRICT.established }),
    ...(!noLinks && { noLinks: STRICT.noLinks }),
    ...(!noDuplicates && { noDuplicates: STRICT.noDuplicates }),
    ...(guests && { guests: STRICT.guests }),
  };
}

const only = (settings: Settings, names: Settings): Settings =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => name in names));

const without = (settings: Settings, names: Settings): Settings =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => !(name in names)));
