import type { Client } from 'pg';

import type { Entry } from '../messages/entry.entity.js';
import { storedSettingsOf } from '../rooms/room-settings.js';
import type { LogState, Plan, StoredRef } from './append.plan.js';
import type { Draft, RoomDraft } from './draft.js';
import { nonceKey, targetKey } from './log.keys.js';
import { hide, setPinned } from './pg-log.hiding.js';
import { readReview, writeReview } from './pg-log.review.js';
import { readStandings, setModerator, writeStandings } from './pg-log.moderation.js';
import type { Removal, Target } from './target.js';

/**
 * For a connection that only appends. Every lookup is to walk the index that leaves the fewest rows, also while nobody
 * has counted yet what is in the tables: pages cost nothing, so that rows decide; nothing is scanned; and no plan is kept
 * from when the tables were small.
 */
export const SESSION = `
  SET enable_seqscan = off;
  SET enable_hashjoin = off;
  SET enable_mergejoin = off;
  SET random_page_cost = 0;
  SET seq_page_cost = 0;
  SET plan_cache_mode = force_custom_plan`;

// Each statement sees what was committed before it began. Those that read follow the one that waits for the lock, so
// they see everything that its former holder wrote.
const LOCK_ROOMS = {
  name: 'log-lock',
  text: `SELECT id, head, archived, settings, pinned, cleared FROM rooms
         WHERE id = ANY($1::int[]) ORDER BY id FOR UPDATE`,
};
/** The time of all nodes is the server's, and it is read behind the lock. */
const FIND_TIMES = {
  name: 'log-times',
  text: `SELECT r.id AS room_id, e.at, (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now
         FROM rooms r LEFT JOIN entries e ON e.room_id = r.id AND e.seq = r.head
         WHERE r.id = ANY($1::int[])`,
};
const FIND_NONCES = {
  name: 'log-nonces',
  text: `SELECT e.room_id, e.author_id, e.nonce, e.seq, e.id, e.at
         FROM unnest($1::int[], $2::text[], $3::text[]) AS k (room_id, author_id, nonce)
         JOIN entries e
           ON e.room_id = k.room_id AND e.author_id = k.author_id AND e.nonce = k.nonce AND e.nonce IS NOT NULL`,
};
const FIND_TARGETS = {
  name: 'log-targets',
  text: `SELECT e.room_id AS "roomId", e.seq, e.event, e.id, e.kind, e.author_id AS "authorId",
                e.author_name AS "authorName", e.author_role AS "authorRole", e.audience, e.at,
                coalesce((SELECT c.text FROM entries c
                          WHERE c.room_id = e.room_id AND c.target = e.seq AND c.target IS NOT NULL
                            AND c.event = 'message.changed' AND (c.audience IS NULL OR e.audience IS NOT NULL)
                          ORDER BY c.seq DESC LIMIT 1), e.text) AS text,
                CASE WHEN r.seq IS NOT NULL THEN json_build_object('seq', r.seq, 'id', r.id, 'at', r.at,
                  'event', r.event, 'byId', r.author_id, 'byRole', r.author_role) END AS removal
         FROM unnest($1::int[], $2::bigint[]) AS k (room_id, seq)
         JOIN entries e ON e.room_id = k.room_id AND e.seq = k.seq
         LEFT JOIN entries r ON r.room_id = e.room_id AND r.seq = e.removed_by`,
};
const FIND_ENTRY = {
  name: 'log-entry',
  text: 'SELECT 1 FROM entries WHERE room_id = $1 AND seq = $2 AND id = $3',
};
const INSERT_ENTRIES = {
  name: 'log-insert',
  text: `INSERT INTO entries (room_id, seq, id, event, kind, author_id, author_name, author_role, nonce, text, reply_to,
                              target, data, audience, removed_by, at)
         SELECT "roomId", seq, id, event, kind, "authorId", "authorName", "authorRole", nonce, text, "replyTo",
                target, data, audience, "removedBy", at
         FROM json_to_recordset($1::json)
           AS e ("roomId" int, seq bigint, id text, event text, kind text, "authorId" text, "authorName" text,
                 "authorRole" text, nonce text, text text, "replyTo" bigint, target bigint, data text, audience text,
                 "removedBy" bigint, at bigint)`,
};
const MOVE_HEADS = {
  name: 'log-heads',
  text: `UPDATE rooms SET head = k.head FROM unnest($1::int[], $2::bigint[]) AS k (id, head) WHERE rooms.id = k.id`,
};
const ENTITLE_ROOM = {
  name: 'log-entitle-room',
  text: `UPDATE rooms SET title = $2 WHERE id = $1 AND title = ''`,
};
const CHANGE_ROOM = {
  name: 'log-room',
  text: `UPDATE rooms
         SET title = coalesce($2, title), archived = coalesce($3, archived),
             embed = CASE WHEN $4 THEN $5 ELSE embed END,
             settings = jsonb_strip_nulls(settings::jsonb || $6::jsonb)::text
         WHERE id = $1`,
};

/**
 * Begins a transaction, locks the rooms of the drafts and reads what is decided about, and what time it is. All of it is
 * sent at once: the answer is one round trip away.
 */
export async function lockAndRead(
  client: Client,
  drafts: readonly Draft[],
): Promise<{ state: LogState; now: number }> {
  const roomIds = [...new Set(drafts.map(({ roomId }) => roomId))].toSorted((a, b) => a - b);
  const nonced = drafts.filter(({ nonce }) => nonce !== null);
  const targeting = drafts.filter((draft) => 'target' in draft);
  const [, rooms, times, nonces, targets, standings, review] = await Promise.all([
    client.query('BEGIN'),
    client.query<RoomRow>({ ...LOCK_ROOMS, values: [roomIds] }),
    client.query<{ room_id: number; at: number | null; now: number }>({ ...FIND_TIMES, values: [roomIds] }),
    client.query<StoredRef & { room_id: number; author_id: string; nonce: string }>({
      ...FIND_NONCES,
      values: [
        nonced.map(({ roomId }) => roomId),
        nonced.map(({ actor }) => actor.id),
        nonced.map(({ nonce }) => nonce),
      ],
    }),
    targeting.length > 0
      ? client.query<TargetRow>({
          ...FIND_TARGETS,
          values: [targeting.map(({ roomId }) => roomId), targeting.map(({ target }) => target)],
        })
      : { rows: [] },
    readStandings(client, drafts),
    readReview(client, drafts),
  ]);
  const lastAt = new Map(times.rows.map(({ room_id, at }) => [room_id, at ?? 0]));
  const state = {
    rooms: new Map(
      rooms.rows.map(({ id, settings, ...room }) => [
        id,
        { ...room, lastAt: lastAt.get(id) ?? 0, settings: storedSettingsOf(settings) },
      ]),
    ),
    stored: new Map(
      nonces.rows.map(({ room_id, author_id, nonce, seq, id, at }) => [
        nonceKey(room_id, author_id, nonce),
        { seq, id, at },
      ]),
    ),
    targets: new Map(targets.rows.map(({ roomId, seq, ...target }) => [targetKey(roomId, seq), target])),
    ...standings,
    ...review,
  };
  // Without a row there is no room, and nothing whose time it would be.
  return { state, now: times.rows[0]?.now ?? 0 };
}

/** Writes what was planned and commits, in one round trip. Rejects unless all of it is stored. */
export async function writeAndCommit(client: Client, drafts: readonly Draft[], plan: Plan): Promise<void> {
  const writes: Promise<unknown>[] = [];
  if (plan.entries.length > 0) {
    const heads = new Map(plan.entries.map(({ roomId, seq }) => [roomId, seq]));
    writes.push(
      client.query({ ...INSERT_ENTRIES, values: [storable(plan.entries)] }),
      client.query({ ...MOVE_HEADS, values: [[...heads.keys()], [...heads.values()]] }),
    );
  }
  for (const hiding of plan.hidings) {
    writes.push(...hide(client, hiding));
  }
  writes.push(...writeStandings(client, plan), ...writeReview(client, plan));
  plan.drafts.forEach((draft, index) => {
    const outcome = plan.outcomes[index];
    if (outcome?.status === 'stored') {
      writes.push(...roomWrites(client, draft, outcome.entry.seq));
    }
  });
  writes.push(client.query('COMMIT'));
  await Promise.all(writes);
}

/**
 * Whether an earlier attempt at this plan was committed. It waits for the room as an append does: the server may still
 * be at work on a commit whose answer was lost.
 */
export async function wasCommitted(client: Client, { entries }: Plan): Promise<boolean> {
  const first = entries[0];
  if (!first) {
    return false;
  }
  const { roomId, seq, id } = first;
  const [, , found] = await Promise.all([
    client.query('BEGIN'),
    client.query({ ...LOCK_ROOMS, values: [[roomId]] }),
    client.query({ ...FIND_ENTRY, values: [roomId, seq, id] }),
    client.query('COMMIT'),
  ]);
  return found.rows.length > 0;
}

/** What the log says about the room itself also stands in its row. */
function roomWrites(client: Client, draft: Draft, seq: number): Promise<unknown>[] {
  switch (draft.type) {
    case 'pin':
      return [setPinned(client, draft.roomId, seq)];
    case 'unpin':
      return [setPinned(client, draft.roomId, null)];
    case 'room':
      return [changeRoom(client, draft)];
    case 'role':
      return [setModerator(client, draft)];
    case 'post':
      return draft.entitles === undefined
        ? []
        : [client.query({ ...ENTITLE_ROOM, values: [draft.roomId, draft.entitles] })];
    default:
      return [];
  }
}

function changeRoom(client: Client, { roomId, changes, before }: RoomDraft): Promise<unknown> {
  const { title = null, archived = null, embed } = changes;
  const settings = JSON.stringify({ ...changes.settings, beforeShield: before });
  return client.query({
    ...CHANGE_ROOM,
    values: [roomId, title, archived, embed !== undefined, embed ?? null, settings],
  });
}

/** NUL, and half of a surrogate pair, as JSON writes them. */
const UNSTORABLE = /\\u0000|\\ud[89a-f]/;

/**
 * The entries as JSON that PostgreSQL takes. People's words were checked long before; a model's were not, and one bad
 * character would refuse the whole batch.
 */
function storable(entries: readonly Entry[]): string {
  const json = JSON.stringify(entries);
  return UNSTORABLE.test(json)
    ? JSON.stringify(entries, (_key, value: unknown) =>
        typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\uFFFD') : value,
      )
    : json;
}

interface RoomRow {
  id: number;
  head: number;
  archived: boolean;
  settings: string;
  pinned: number | null;
  cleared: number;
}

type TargetRow = Omit<Target, 'removal'> & { roomId: number; seq: number; removal: Removal | null };
