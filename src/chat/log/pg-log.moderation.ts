import type { Client } from 'pg';

import { peopleOf, type LogState, type Plan } from './append.plan.js';
import type { Draft, RoleDraft } from './draft.js';
import { saidKey, speakerKey, standingKey } from './log.keys.js';
import type { Said, Standing } from './standing.js';

const FIND_SANCTIONS = {
  name: 'log-sanctions',
  text: `SELECT k.room_id, s.user_id, s.room_id IS NULL AS everywhere, s.id, s.action, s.until
         FROM unnest($1::int[], $2::text[]) AS k (room_id, user_id)
         JOIN sanctions s ON s.user_id = k.user_id AND s.lifted_at IS NULL
         WHERE (s.room_id IS NULL OR s.room_id = k.room_id)
           AND (s.until IS NULL OR s.until > extract(epoch FROM clock_timestamp()) * 1000)
         UNION ALL
         SELECT k.room_id, w.user_id, false, w.id, 'warning', NULL
         FROM unnest($1::int[], $2::text[]) AS k (room_id, user_id)
         JOIN warnings w ON w.user_id = k.user_id AND w.room_id = k.room_id AND w.acknowledged_at IS NULL`,
};
const FIND_POSTS = {
  name: 'log-slow-posts',
  text: `SELECT p.room_id, p.user_id, p.at
         FROM unnest($1::int[], $2::text[]) AS k (room_id, user_id)
         JOIN slow_posts p ON p.room_id = k.room_id AND p.user_id = k.user_id`,
};
const FIND_SAID = {
  name: 'log-said',
  text: `SELECT s.room_id, s.user_id, s.digest, s.seq, s.at
         FROM unnest($1::int[], $2::text[], $3::text[]) AS k (room_id, user_id, digest)
         JOIN said_texts s ON s.room_id = k.room_id AND s.user_id = k.user_id AND s.digest = k.digest`,
};
const FIND_CONSENTS = {
  name: 'log-consents',
  text: `SELECT c.room_id, c.user_id, c.rules
         FROM unnest($1::int[], $2::text[]) AS k (room_id, user_id)
         JOIN rule_consents c ON c.room_id = k.room_id AND c.user_id = k.user_id`,
};
const INSERT_SANCTION = {
  name: 'log-sanction',
  text: `INSERT INTO sanctions (id, room_id, user_id, user_name, action, reason, by_id, by_name, at, until)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
};
const LIFT_SANCTION = {
  name: 'log-lift',
  text: 'UPDATE sanctions SET lifted_at = $2, lifted_by = $3 WHERE id = $1',
};
const UPSERT_POSTS = {
  name: 'log-slow-post',
  text: `INSERT INTO slow_posts (room_id, user_id, at)
         SELECT room_id, user_id, max(at) FROM unnest($1::int[], $2::text[], $3::bigint[]) AS k (room_id, user_id, at)
         GROUP BY room_id, user_id
         ON CONFLICT (room_id, user_id) DO UPDATE SET at = excluded.at`,
};
const UPSERT_SAID = {
  name: 'log-say',
  text: `INSERT INTO said_texts (room_id, user_id, digest, seq, at)
         SELECT DISTINCT ON (room_id, user_id, digest) room_id, user_id, digest, seq, at
         FROM unnest($1::int[], $2::text[], $3::text[], $4::bigint[], $5::bigint[]) WITH ORDINALITY
           AS k (room_id, user_id, digest, seq, at, place)
         ORDER BY room_id, user_id, digest, place DESC
         ON CONFLICT (room_id, user_id, digest) DO UPDATE SET seq = excluded.seq, at = excluded.at`,
};
const INSERT_ACTION = {
  name: 'log-action',
  text: `INSERT INTO actions (id, at, room_id, action, by_id, by_name, by_role, address, user_id, user_name, target, reason,
                              details)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
};
const INSERT_MODERATOR = {
  name: 'log-moderator',
  text: 'INSERT INTO room_moderators (room_id, user_id) VALUES ($1, $2) ON CONFLICT (room_id, user_id) DO NOTHING',
};
const DELETE_MODERATOR = {
  name: 'log-no-moderator',
  text: 'DELETE FROM room_moderators WHERE room_id = $1 AND user_id = $2',
};

/** What decides about people, read behind the lock of the rooms: their sanctions, and their last post in slow rooms. */
export async function readStandings(
  client: Client,
  drafts: readonly Draft[],
): Promise<Pick<LogState, 'sanctions' | 'lastPosts' | 'consents' | 'saidTexts'>> {
  const concerned = drafts.flatMap((draft) =>
    peopleOf(draft).map((userId) => [draft.roomId, userId] as const),
  );
  const keys = [concerned.map(([roomId]) => roomId), concerned.map(([, userId]) => userId)];
  const saying = drafts.flatMap((draft) =>
    'digest' in draft && draft.digest ? [[draft.roomId, draft.actor.id, draft.digest] as const] : [],
  );
  const ruled = drafts.filter((draft) => 'isRuled' in draft && draft.isRuled);
  const [sanctions, posts, consents, said] = await Promise.all([
    client.query<Standing & { room_id: number; user_id: string; everywhere: boolean }>({
      ...FIND_SANCTIONS,
      values: keys,
    }),
    client.query<{ room_id: number; user_id: string; at: number }>({ ...FIND_POSTS, values: keys }),
    ruled.length > 0
      ? client.query<{ room_id: number; user_id: string; rules: string }>({
          ...FIND_CONSENTS,
          values: [ruled.map(({ roomId }) => roomId), ruled.map(({ actor }) => actor.id)],
        })
      : { rows: [] },
    saying.length > 0
      ? client.query<Said & { room_id: number; user_id: string; digest: string }>({
          ...FIND_SAID,
          values: [0, 1, 2].map((column) => saying.map((row) => row[column])),
        })
      : { rows: [] },
  ]);
  return {
    sanctions: new Map(
      sanctions.rows.map(({ room_id, user_id, everywhere, id, action, until }) => [
        standingKey(action, everywhere ? 'server' : 'room', room_id, user_id),
        { id, action, until },
      ]),
    ),
    lastPosts: new Map(posts.rows.map(({ room_id, user_id, at }) => [speakerKey(room_id, user_id), at])),
    consents: new Map(
      consents.rows.map(({ room_id, user_id, rules }) => [speakerKey(room_id, user_id), rules]),
    ),
    saidTexts: new Map(
      said.rows.map(({ room_id, user_id, digest, seq, at }) => [
        saidKey(room_id, user_id, digest),
        { seq, at },
      ]),
    ),
  };
}

/** The writes of a plan that concern people: sent at once, in an order that the plan means. */
export function writeStandings(client: Client, plan: Plan): Promise<unknown>[] {
  const sanctions = plan.sanctions.map(({ draft, at }) => {
    const { sanctionId, roomId, scope, user, action, reason, actor, until } = draft;
    const where = scope === 'server' ? null : roomId;
    return client.query({
      ...INSERT_SANCTION,
      values: [
        sanctionId,
        where,
        user.id,
        user.nickname,
        action,
        reason,
        actor.id,
        actor.nickname,
        at,
        until,
      ],
    });
  });
  // After them: one may end in the batch that imposed it.
  const lifts = plan.lifts.map(({ sanctionId, at, by }) =>
    client.query({ ...LIFT_SANCTION, values: [sanctionId, at, by] }),
  );
  const posts =
    plan.posts.length > 0
      ? [
          client.query({
            ...UPSERT_POSTS,
            values: [
              plan.posts.map(({ roomId }) => roomId),
              plan.posts.map(({ userId }) => userId),
              plan.posts.map(({ at }) => at),
            ],
          }),
        ]
      : [];
  const sayings =
    plan.sayings.length > 0
      ? [
          client.query({
            ...UPSERT_SAID,
            values: (['roomId', 'userId', 'digest', 'seq', 'at'] as const).map((column) =>
              plan.sayings.map((saying) => saying[column]),
            ),
          }),
        ]
      : [];
  const actions = plan.actions.map((action) =>
    client.query({
      ...INSERT_ACTION,
      values: [
        action.id,
        action.at,
        action.roomId,
        action.action,
        action.byId,
        action.byName,
        action.byRole,
        action.address,
        action.userId,
        action.userName,
        action.target,
        action.reason,
        action.details,
      ],
    }),
  );
  return [...sanctions, ...lifts, ...posts, ...sayings, ...actions];
}

export function setModerator(client: Client, { roomId, user, role }: RoleDraft): Promise<unknown> {
  const statement = role === 'moderator' ? INSERT_MODERATOR : DELETE_MODERATOR;
  return client.query({ ...statement, values: [roomId, user.id] });
}
