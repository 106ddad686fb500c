import type { GivenWarningView } from '../../protocol/views.js';
import type { Warning } from '../../chat/log/warning.entity.js';

/** A warning for staff. */
export function presentGivenWarning(warning: Warning): GivenWarningView {
  const { id, userId, userName, reason, byId, byName, at, acknowledgedAt } = warning;
  return {
    id,
    user: { id: userId, nickname: userName },
    reason,
    by: { id: byId, nickname: byName },
    at: new Date(at).toISOString(),
    acknowledgedAt: acknowledgedAt === null ? null : new Date(acknowledgedAt).toISOString(),
  };
}
