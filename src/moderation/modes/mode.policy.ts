import type { RoomSettings } from '../../protocol/views.js';
import { DomainError } from '../../common/errors.js';
import type { Account } from '../../common/viewer.js';
import { ageRefusal } from '../../chat/rooms/room.policy.js';
import { hasLink } from '../words/links.js';

// `v`, since a flag or a family is one emoji of many characters; not a literal, since the compiler's target is older.
const EMOJI = new RegExp(String.raw`^(?:\p{RGI_Emoji}|\p{Extended_Pictographic}\uFE0F?|\s)+$`, 'v');

/**
 * Why the modes of a room keep somebody from saying a text there; null when they do not. Staff are exempt. Modes that
 * depend on what was said before (slow, no duplicates) or must hold from one moment on are decided by the log's writer.
 */
export function modeRefusal(
  account: Pick<Account, 'role' | 'createdAt'>,
  settings: Pick<RoomSettings, 'established' | 'emojiOnly' | 'noLinks'>,
  text: string,
  now: number,
): DomainError | null {
  if (account.role !== 'user') {
    return null;
  }
  const { emojiOnly, noLinks } = settings;
  const tooNew = ageRefusal(account, settings, now);
  if (tooNew) {
    return tooNew;
  }
  if (emojiOnly && !EMOJI.test(text)) {
    return new DomainError('text.emoji-only');
  }
  return noLinks && hasLink(text) ? new DomainError('text.links') : null;
}
