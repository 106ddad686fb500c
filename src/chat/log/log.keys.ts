import type { SanctionAction } from '../../protocol/views.js';
import type { SanctionScope } from './draft.js';

/** How what is read under the lock is found again. Ids and nonces have no spaces. */
export const nonceKey = (roomId: number, authorId: string, nonce: string) => `${roomId} ${authorId} ${nonce}`;
export const targetKey = (roomId: number, seq: number) => `${roomId} ${seq}`;
export const speakerKey = (roomId: number, userId: string) => `${roomId} ${userId}`;

export const saidKey = (roomId: number, userId: string, digest: string) => `${roomId} ${userId} ${digest}`;

/** There is at most one time-out or ban in force against a person in a room, and one on the whole server. */
export const sanctionKey = (scope: SanctionScope, roomId: number, userId: string) =>
  scope === 'server' ? `server ${userId}` : `${roomId} ${userId}`;

/** Somebody may be hidden, whatever else holds against them. */
export const hideKey = (scope: SanctionScope, roomId: number, userId: string) =>
  `hide ${sanctionKey(scope, roomId, userId)}`;

/** The same of warnings that somebody has not acknowledged. */
export const warningKey = (roomId: number, userId: string) => `warning ${roomId} ${userId}`;

/** Where a standing of this kind is found. */
export const standingKey = (
  action: SanctionAction | 'warning',
  ...[scope, roomId, userId]: Parameters<typeof sanctionKey>
) => {
  if (action === 'warning') {
    return warningKey(roomId, userId);
  }
  return action === 'hide' ? hideKey(scope, roomId, userId) : sanctionKey(scope, roomId, userId);
};
