import type { Client } from 'pg';

import { ACTS_SQL } from '../messages/entry.entity.js';
import { ECHOES_SQL, type Hiding } from './hiding.js';

const HIDE = {
  name: 'log-hide',
  text: 'UPDATE entries SET removed_by = $3 WHERE room_id = $1 AND seq = $2',
};
const HIDE_ECHOES = {
  name: 'log-hide-echoes',
  text: `UPDATE entries SET removed_by = $3
         WHERE room_id = $1 AND target = $2 AND target IS NOT NULL AND event IN ${ECHOES_SQL}`,
};
const HIDE_ALL = {
  name: 'log-hide-all',
  text: `UPDATE entries SET removed_by = $3
         WHERE room_id = $1 AND author_id = $2 AND nonce IS NOT NULL AND removed_by IS NULL AND seq < $3
           AND event IN ('message.posted', 'message.changed')`,
};
const HIDE_ECHOES_OF_ALL = {
  name: 'log-hide-echoes-of-all',
  text: `UPDATE entries SET removed_by = $3
         WHERE room_id = $1 AND target IS NOT NULL AND removed_by IS NULL AND event IN ${ECHOES_SQL}
           AND target IN (SELECT seq FROM entries
                          WHERE room_id = $1 AND author_id = $2 AND nonce IS NOT NULL AND event = 'message.posted')`,
};
const FORGET_SPEAKER = {
  name: 'log-forget-speaker',
  text: `UPDATE entries SET author_id = NULL, author_name = NULL, author_role = NULL,
                removed_by = CASE WHEN $4::boolean THEN coalesce(removed_by, $3) ELSE removed_by END,
                text = CASE WHEN $4::boolean THEN NULL ELSE text END
         WHERE room_id = $1 AND author_id = $2 AND nonce IS NOT NULL AND seq < $3
           AND event IN ('message.posted', 'message.changed')`,
};
const FORGET_ECHOES = {
  name: 'log-forget-echoes',
  text: `UPDATE entries
         SET data = (CASE event
               WHEN 'room.pinned'
                 THEN data::jsonb || jsonb_build_object('of', NULL, 'message',
                        data::jsonb -> 'message' || '{"authorName": null, "authorRole": null}')
               ELSE data::jsonb || '{"of": null}' END)::text,
             removed_by = CASE WHEN $4::boolean AND event <> 'message.removed' THEN coalesce(removed_by, $3)
               ELSE removed_by END,
             text = CASE WHEN $4::boolean THEN NULL ELSE text END
         WHERE room_id = $1 AND ${ACTS_SQL} AND data::jsonb ->> 'of' = $2 AND seq < $3`,
};
const FORGET_SUBJECT = {
  name: 'log-forget-subject',
  text: `UPDATE entries SET data = jsonb_set(data::jsonb, '{user,nickname}', '""')::text
         WHERE room_id = $1 AND ${ACTS_SQL} AND event IN ('user.sanctioned', 'user.role-changed')
           AND data::jsonb #>> '{user,id}' = $2 AND seq < $3`,
};
const FORGET_ACTOR = {
  name: 'log-forget-actor',
  // Their rank stays: what they did is undone by whoever ranks as high.
  text: `UPDATE entries SET author_id = NULL, author_name = NULL
         WHERE room_id = $1 AND ${ACTS_SQL} AND author_id = $2 AND seq < $3`,
};
const CLEAR = {
  name: 'log-clear',
  text: `UPDATE entries SET removed_by = $4
         WHERE room_id = $1 AND seq > $2 AND seq <= $3 AND removed_by IS NULL AND event = 'message.posted'`,
};
const CLEAR_ECHOES = {
  name: 'log-clear-echoes',
  text: `UPDATE entries SET removed_by = $4
         WHERE room_id = $1 AND target > $2 AND target <= $3 AND target IS NOT NULL AND removed_by IS NULL
           AND event IN ${ECHOES_SQL}`,
};
const CLEARED = {
  name: 'log-cleared',
  text: 'UPDATE rooms SET cleared = greatest(cleared, $2) WHERE id = $1',
};
const NOT_CLEARED = {
  name: 'log-not-cleared',
  text: 'UPDATE rooms SET cleared = least(cleared, $2) WHERE id = $1',
};
const PIN = { name: 'log-pin', text: 'UPDATE rooms SET pinned = $2 WHERE id = $1' };

/** Hides texts, or shows them again; sent at once, in the order that the plan means. */
export function hide(client: Client, hiding: Hiding): Promise<unknown>[] {
  const { roomId, by } = hiding;
  switch (hiding.type) {
    case 'message':
    case 'restore': {
      const values = [roomId, hiding.target, hiding.type === 'message' ? by : null];
      const shown = { ...NOT_CLEARED, values: [roomId, hiding.target - 1] };
      return [
        client.query({ ...HIDE, values }),
        client.query({ ...HIDE_ECHOES, values }),
        ...(hiding.type === 'restore' ? [client.query(shown)] : []),
      ];
    }
    case 'author': {
      const values = [roomId, hiding.authorId, by];
      return [client.query({ ...HIDE_ALL, values }), client.query({ ...HIDE_ECHOES_OF_ALL, values })];
    }
    case 'leave': {
      const whose = [roomId, hiding.authorId, by];
      return [
        client.query({ ...FORGET_SPEAKER, values: [...whose, hiding.removes] }),
        client.query({ ...FORGET_ECHOES, values: [...whose, hiding.removes] }),
        client.query({ ...FORGET_SUBJECT, values: whose }),
        client.query({ ...FORGET_ACTOR, values: whose }),
      ];
    }
    case 'clear': {
      const values = [roomId, hiding.after, hiding.upTo, by];
      return [
        client.query({ ...CLEAR, values }),
        client.query({ ...CLEAR_ECHOES, values }),
        client.query({ ...CLEARED, values: [roomId, hiding.upTo] }),
      ];
    }
  }
}

/** Which entry pinned what is on top of a room; null: nothing is. */
export function setPinned(client: Client, roomId: number, seq: number | null): Promise<unknown> {
  return client.query({ ...PIN, values: [roomId, seq] });
}
