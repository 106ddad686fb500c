import type { AddressBanView } from '../../protocol/views.js';
import type { AddressBan } from '../../auth/address-bans/address-ban.entity.js';

/** A banned address for administrators. */
export function presentBan(ban: AddressBan): AddressBanView {
  const { id, address, userId, userName, reason, byId, byName, at } = ban;
  return {
    id,
    address,
    user: userId === '' ? null : { id: userId, nickname: userName },
    reason,
    by: { id: byId, nickname: byName },
    at: new Date(at).toISOString(),
  };
}
