import type { WarningView } from '../../protocol/views.js';
import type { Warning } from '../log/warning.entity.js';

/** A warning for whom it is for; which of the staff it is from is not said. */
export function presentWarning({ id, reason, at }: Warning): WarningView {
  return { id, reason, at: new Date(at).toISOString() };
}
