import { expect, it } from 'vitest';

import type { RoomSettings } from '../../protocol/views.js';
import type { RoomDraft } from '../log/draft.js';
import { DEFAULT_SETTINGS, type StoredSettings } from './room-settings.js';
import { withShield } from './shield.js';

/** The settings, and what is remembered, after changes one after another. */
function after(...all: Partial<RoomSettings>[]): StoredSettings {
  return all.reduce<StoredSettings>((present, settings) => {
    const draft: RoomDraft = {
      type: 'room',
      roomId: 1,
      id: 'id',
      actor: { id: 'mod', nickname: 'mod', role: 'moderator' },
      nonce: null,
      changes: { settings },
    };
    const { changes, before } = withShield(draft, present);
    const beforeShield = before === undefined ? present.beforeShield : (before ?? undefined);
    return { ...present, ...changes.settings, beforeShield };
  }, DEFAULT_SETTINGS);
}

it('makes a room strict, and no less strict than it is', () => {
  const before = { slowMode: 60, noLinks: true, hostsOnly: true };
  expect(after(before, { shield: true })).toMatchObject({
    shield: true,
    slowMode: 60,
    established: 900,
    noLinks: true,
    noDuplicates: true,
    hostsOnly: true,
  });
});

it('goes back to what was', () => {
  const before = { slowMode: 5, established: 60 };
  expect(after(before, { shield: true }, { shield: false })).toEqual(after(before));
});

it('remembers the first time, when it is raised twice', () => {
  expect(after({ shield: true }, { shield: true }, { shield: false })).toEqual(after());
});

it('leaves what staff set meanwhile, and what they set with it', () => {
  expect(after({ shield: true }, { slowMode: 120 }, { shield: false })).toMatchObject({
    slowMode: 120,
    noLinks: false,
  });
  expect(after({ shield: true, noLinks: false }, { shield: false })).toMatchObject({ noLinks: false });
  expect(after({ shield: true }, { shield: false, noLinks: true })).toMatchObject({ noLinks: true });
});
