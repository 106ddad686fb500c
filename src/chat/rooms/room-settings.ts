import type { RoomKind, RoomSettings } from '../../protocol/views.js';

export const DEFAULT_SETTINGS: RoomSettings = {
  textLimit: 200,
  noticesUpTo: 50,
  slowMode: 0,
  hostsOnly: false,
  noLinks: false,
  noDuplicates: false,
  emojiOnly: false,
  guests: false,
  hold: false,
  shield: false,
  delay: 0,
  established: 0,
  edits: true,
  markdown: true,
  welcome: '',
  rules: '',
  reactions: false,
  questions: false,
  aiWatch: 'off',
  aiWatchAbove: 80,
};

/** What a new room of a kind begins with, where that differs. */
export const SETTINGS_OF: Record<RoomKind, Partial<RoomSettings>> = {
  chat: {},
  stream: { reactions: true },
  assistant: {},
};

/** What is stored beside the settings that everybody sees. */
export interface StoredSettings extends RoomSettings {
  /** JSON of what a shielded room goes back to. */
  readonly beforeShield?: string | undefined;
}

/** A room's settings as everybody sees them. */
export function settingsOf(stored: string): RoomSettings {
  const { beforeShield: _, ...settings } = storedSettingsOf(stored);
  return settings;
}

/** A room's stored settings with the defaults filled in; what cannot be read counts as not set. */
export function storedSettingsOf(stored: string): StoredSettings {
  try {
    const value: Partial<StoredSettings> = JSON.parse(stored);
    return { ...DEFAULT_SETTINGS, ...value };
  } catch {
    return DEFAULT_SETTINGS;
  }
}
