import type { Client } from 'pg';

import type { Draft } from './draft.js';
import type { HeldMessage } from './held-message.entity.js';
import { nonceKey, speakerKey } from './log.keys.js';
import { mayBeHeld, type ReviewPlan, type ReviewState } from './review.js';

const COLUMNS = `h.id, h.room_id AS "roomId", h.user_id AS "userId", h.user_name AS "userName",
  h.user_role AS "userRole", h.nonce, h.text, h.reply_to AS "replyTo", h.why, h.reason, h.score, h.at, h.status,
  h.settled_at AS "settledAt", h.seq`;
const FIND_NONCES = {
  name: 'log-held-nonces',
  text: `SELECT ${COLUMNS}
         FROM unnest($1::int[], $2::text[], $3::text[]) AS k (room_id, user_id, nonce)
         JOIN held_messages h ON h.room_id = k.room_id AND h.user_id = k.user_id AND h.nonce = k.nonce`,
};
const FIND = {
  name: 'log-held',
  text: `SELECT ${COLUMNS} FROM held_messages h WHERE h.id = ANY($1::text[])`,
};
const COUNT = {
  name: 'log-held-count',
  text: `SELECT room_id AS "roomId", user_id AS "userId", count(*)::int AS count FROM held_messages
         WHERE room_id = ANY($1::int[]) AND status = 'held' GROUP BY room_id, user_id`,
};
const INSERT = {
  name: 'log-hold',
  text: `INSERT INTO held_messages (id, room_id, user_id, user_name, user_role, nonce, text, reply_to, why, at, status)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'held')`,
};
const SETTLE = {
  name: 'log-settle',
  text: 'UPDATE held_messages SET status = $2, settled_at = $3, seq = $4, text = NULL WHERE id = $1',
};
const DROP = {
  name: 'log-drop',
  text: `UPDATE held_messages SET status = 'dropped', settled_at = $3, text = NULL
         WHERE room_id = $1 AND user_id = $2 AND status = 'held'`,
};

/** What decides about held messages, read behind the lock of the rooms. */
export async function readReview(client: Client, drafts: readonly Draft[]): Promise<ReviewState> {
  const nonced = drafts.filter(({ nonce }) => nonce !== null);
  const ids = drafts.flatMap((draft) => ('heldId' in draft ? [draft.heldId] : []));
  const counted = drafts.filter(mayBeHeld).map(({ roomId }) => roomId);
  const [nonces, found, counts] = await Promise.all([
    nonced.length > 0
      ? client.query<HeldMessage>({
          ...FIND_NONCES,
          values: [
            nonced.map(({ roomId }) => roomId),
            nonced.map(({ actor }) => actor.id),
            nonced.map(({ nonce }) => nonce),
          ],
        })
      : { rows: [] },
    ids.length > 0 ? client.query<HeldMessage>({ ...FIND, values: [ids] }) : { rows: [] },
    counted.length > 0
      ? client.query<{ roomId: number; userId: string; count: number }>({ ...COUNT, values: [counted] })
      : { rows: [] },
  ]);
  const waiting = new Map<number | string, number>();
  for (const { roomId, userId, count } of counts.rows) {
    waiting.set(speakerKey(roomId, userId), count).set(roomId, (waiting.get(roomId) ?? 0) + count);
  }
  return {
    held: new Map(found.rows.map((row) => [row.id, row])),
    heldByNonce: new Map(nonces.rows.map((row) => [nonceKey(row.roomId, row.userId, row.nonce), row])),
    waiting,
  };
}

/** The writes of a plan that concern held messages, in an order that the plan means. */
export function writeReview(client: Client, { holds, settlements, drops }: ReviewPlan): Promise<unknown>[] {
  return [
    ...holds.map((held) =>
      client.query({
        ...INSERT,
        values: [
          held.id,
          held.roomId,
          held.userId,
          held.userName,
          held.userRole,
          held.nonce,
          held.text,
          held.replyTo,
          held.why,
          held.at,
        ],
      }),
    ),
    ...settlements.map(({ id, status, at, seq }) =>
      client.query({ ...SETTLE, values: [id, status, at, seq] }),
    ),
    ...drops.map(({ roomId, userId, at }) => client.query({ ...DROP, values: [roomId, userId, at] })),
  ];
}
