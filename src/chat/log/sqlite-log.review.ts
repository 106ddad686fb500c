import type { Database } from 'better-sqlite3';

import type { Draft } from './draft.js';
import type { HeldMessage } from './held-message.entity.js';
import { nonceKey, speakerKey } from './log.keys.js';
import { mayBeHeld, noReview, type ReviewPlan, type ReviewState } from './review.js';

const COLUMNS = `id, room_id AS roomId, user_id AS userId, user_name AS userName, user_role AS userRole, nonce, text,
  reply_to AS replyTo, why, reason, score, at, status, settled_at AS settledAt, seq`;

/** What of the log's transaction concerns held messages. */
export function reviewOn(database: Database) {
  const any = database.prepare('SELECT 1 FROM held_messages LIMIT 1').pluck();
  const byNonce = database.prepare<[number, string, string], HeldMessage>(
    `SELECT ${COLUMNS} FROM held_messages WHERE room_id = ? AND user_id = ? AND nonce = ?`,
  );
  const byId = database.prepare<[string], HeldMessage>(`SELECT ${COLUMNS} FROM held_messages WHERE id = ?`);
  const count = database.prepare<[number], { userId: string; count: number }>(
    `SELECT user_id AS userId, count(*) AS count FROM held_messages
     WHERE room_id = ? AND status = 'held' GROUP BY user_id`,
  );
  const insert = database.prepare(
    `INSERT INTO held_messages (id, room_id, user_id, user_name, user_role, nonce, text, reply_to, why, at, status)
     VALUES (:id, :roomId, :userId, :userName, :userRole, :nonce, :text, :replyTo, :why, :at, 'held')`,
  );
  const settle = database.prepare(
    `UPDATE held_messages SET status = :status, settled_at = :at, seq = :seq, text = NULL WHERE id = :id`,
  );
  const drop = database.prepare(
    `UPDATE held_messages SET status = 'dropped', settled_at = :at, text = NULL
     WHERE room_id = :roomId AND user_id = :userId AND status = 'held'`,
  );

  function read(drafts: readonly Draft[]): ReviewState {
    const state = noReview();
    // Most servers hold nothing: then one look is all it costs.
    if (any.get() === undefined) {
      return state;
    }
    for (const { roomId, actor, nonce, ...draft } of drafts) {
      const known = nonce !== null ? byNonce.get(roomId, actor.id, nonce) : undefined;
      if (known) {
        state.heldByNonce.set(nonceKey(roomId, actor.id, known.nonce), known);
      }
      const meant = 'heldId' in draft ? byId.get(draft.heldId) : undefined;
      if (meant) {
        state.held.set(meant.id, meant);
      }
    }
    for (const roomId of new Set(drafts.filter(mayBeHeld).map((draft) => draft.roomId))) {
      const counts = count.all(roomId);
      state.waiting.set(
        roomId,
        counts.reduce((sum, row) => sum + row.count, 0),
      );
      counts.forEach((row) => state.waiting.set(speakerKey(roomId, row.userId), row.count));
    }
    return state;
  }

  function write(plan: ReviewPlan): void {
    plan.holds.forEach((held) => insert.run(held));
    plan.settlements.forEach((settlement) => settle.run(settlement));
    plan.drops.forEach((dropped) => drop.run(dropped));
  }

  return { read, write };
}
