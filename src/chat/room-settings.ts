import type { RoomSettings } from '../protocol/views.js';

export const DEFAULT_SETTINGS: RoomSettings = { textLimit: 200, noticesUpTo: 50 };

/** A room's stored settings with the defaults filled in; what cannot be read counts as not set. */
export function settingsOf(stored: string): RoomSettings {
  try {
    const value: Partial<RoomSettings> = JSON.parse(stored);
    return { ...DEFAULT_SETTINGS, ...value };
  } catch {
    return DEFAULT_SETTINGS;
  }
}
