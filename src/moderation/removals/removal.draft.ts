import { randomUUID } from 'node:crypto';

import type { AtWork } from '../staff.service.js';

/** Why, and the caller's own name for the act: the same again is the same act. */
export interface Act {
  readonly reason?: string | undefined;
  readonly nonce?: string | undefined;
}

/** What every draft of an act of staff has. */
export function draftBase({ live, account, address }: AtWork, { reason = '', nonce = randomUUID() }: Act) {
  const { id, nickname, role } = account;
  return {
    roomId: live.room.id,
    id: randomUUID(),
    actor: { id, nickname, role },
    from: address,
    nonce,
    reason: reason.trim() || null,
  };
}
