import type { SanctionView } from '../../protocol/views.js';
import type { Sanction } from '../../chat/log/sanction.entity.js';

const instant = (at: number | null) => (at === null ? null : new Date(at).toISOString());

/** A sanction for staff; `room` is the slug of its room. */
export function presentSanction(sanction: Sanction, room: string | null): SanctionView {
  const { id, userId, userName, action, reason, byId, byName, at, until, liftedAt } = sanction;
  return {
    id,
    room,
    user: { id: userId, nickname: userName },
    action,
    reason,
    by: { id: byId, nickname: byName },
    at: new Date(at).toISOString(),
    until: instant(until),
    liftedAt: instant(liftedAt),
  };
}
