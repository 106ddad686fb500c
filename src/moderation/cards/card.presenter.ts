import type { CardMessageView, NoteView, ProfileView } from '../../protocol/views.js';
import { hueOf } from '../../common/hue.js';
import type { Account } from '../../common/viewer.js';
import type { Entry } from '../../chat/messages/entry.entity.js';
import type { Note } from './note.entity.js';

const instant = (at: number) => new Date(at).toISOString();

/** What everybody may know of somebody; with the role they have where it is shown. */
export function presentProfile({ id, nickname, role, createdAt, guest }: Account): ProfileView {
  return { id, nickname, role, color: hueOf(id), joinedAt: instant(createdAt), ...(guest && { guest }) };
}

export function presentNote({ id, text, byId, byName, at }: Note): NoteView {
  return { id, text, by: { id: byId, nickname: byName }, at: instant(at) };
}

/** A message as it reads now; `edited`: its newest text, where there is one. */
export function presentCardMessage(
  { seq, text, at, removedBy }: Entry,
  edited: string | undefined,
): CardMessageView {
  return removedBy === null
    ? { seq, text: edited ?? text, at: instant(at) }
    : { seq, text: null, at: instant(at), removed: true };
}
