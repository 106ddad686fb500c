import { emoteWords } from '../../../public/js/emote-words.js';
import type { EmoteChanges } from '../../protocol/frames.js';
import type { EmoteView } from '../../protocol/views.js';
import type { EmoteRow } from './emotes.repository.js';

/** The emotes of a room as everybody sees them, by name. */
export type RoomEmotes = ReadonlyMap<string, EmoteView>;

export const EMOTE_NAME = /^[a-z0-9_]{2,32}$/;
/** In one room. */
export const MOST_EMOTES = 200;

export function presentEmote({ name, imageId, animated }: EmoteRow): EmoteView {
  return { name, image: `/emotes/${imageId}`, ...(animated && { animated }) };
}

export function roomEmotes(rows: readonly EmoteRow[]): RoomEmotes {
  return new Map(rows.map((row) => [row.name, presentEmote(row)]));
}

/** The emotes after a change. Taking the same change twice does no harm: a room may be read while it is on its way. */
export function changedEmotes(emotes: RoomEmotes, { added = [], removed = [] }: EmoteChanges): RoomEmotes {
  const changed = new Map(emotes);
  removed.forEach((name) => changed.delete(name));
  added.forEach((emote) => changed.set(emote.name, emote));
  return changed;
}

/** A text with an emoji in place of each emote: where only emojis are wanted, these are as good. */
export function withoutEmotes(text: string, emotes: RoomEmotes): string {
  return emoteWords(text, emotes)
    .map((piece) => ('image' in piece ? '🙂' : piece.text))
    .join('');
}
