import type { HeldView } from '../../protocol/views.js';
import { hueOf } from '../../common/hue.js';
import { rankOf } from './entry.presenter.js';
import type { HeldMessage } from '../log/held-message.entity.js';

/** A message that waits for review, for those who review it. */
export function presentHeld({
  id,
  userId,
  userName,
  userRole,
  text,
  replyTo,
  why,
  reason,
  score,
  at,
}: HeldMessage): HeldView {
  return {
    id,
    author: { id: userId, nickname: userName, ...rankOf(userRole), color: hueOf(userId) },
    text: text ?? '',
    ...(replyTo !== null && { replyTo }),
    // What waits for a look is not shown to them; were it, this is what is known.
    why: why === 'check' ? 'unchecked' : why,
    ...(reason !== null && { reason }),
    ...(score !== null && { score }),
    at: new Date(at).toISOString(),
  };
}
