import { parentPort, workerData } from 'node:worker_threads';

import Database from 'better-sqlite3';

import { applyPragmas } from '../../database/sqlite-pragmas.js';
import { DEFAULT_SETTINGS, storedSettingsOf } from '../rooms/room-settings.js';
import { hasRules } from '../rooms/rules.js';
import { ACTS_SQL } from '../messages/entry.entity.js';
import { peopleOf, planAppend, type LogState, type Plan, type StoredRef } from './append.plan.js';
import type { Draft, Outcome, RoomDraft } from './draft.js';
import { ECHOES_SQL, type Hiding } from './hiding.js';
import { nonceKey, saidKey, speakerKey, standingKey, targetKey } from './log.keys.js';
import { reviewOn } from './sqlite-log.review.js';
import type { Said, Standing } from './standing.js';
import type { Removal, Target } from './target.js';
import type { AppendRequest, WriterReply } from './writer.thread.js';

// `better-sqlite3` syncs on the thread that commits: on this one it holds up nobody's socket.
const { file }: { file: string } = workerData;
const database = new Database(file);
applyPragmas(database);

const selectRoom = database.prepare<
  [number],
  {
    head: number;
    lastAt: number | null;
    archived: number;
    settings: string;
    pinned: number | null;
    cleared: number;
  }
>(
  `SELECT head, (SELECT at FROM entries WHERE room_id = rooms.id AND seq = head) AS lastAt, archived, settings, pinned,
          cleared
   FROM rooms WHERE id = ?`,
);
const selectNonce = database.prepare<[number, string, string], StoredRef>(
  'SELECT seq, id, at FROM entries WHERE room_id = ? AND author_id = ? AND nonce = ?',
);
const selectTarget = database.prepare<
  [number, number],
  Omit<Target, 'removal'> & { edited: string | null; removedBy: number | null }
>(
  `SELECT event, id, kind, author_id AS authorId, author_name AS authorName, author_role AS authorRole, audience, at, text,
          removed_by AS removedBy,
          (SELECT c.text FROM entries c
           WHERE c.room_id = e.room_id AND c.target = e.seq AND c.event = 'message.changed'
             AND (c.audience IS NULL OR e.audience IS NOT NULL)
           ORDER BY c.seq DESC LIMIT 1) AS edited
   FROM entries e WHERE room_id = ? AND seq = ?`,
);
const selectRemoval = database.prepare<[number, number], Removal>(
  `SELECT seq, id, at, event, author_id AS byId, author_role AS byRole
   FROM entries WHERE room_id = ? AND seq = ?`,
);
const selectSanctions = database.prepare<
  { userId: string; roomId: number; now: number },
  Standing & { roomId: number | null }
>(
  `SELECT id, room_id AS roomId, action, until FROM sanctions
   WHERE user_id = :userId AND lifted_at IS NULL AND (room_id IS NULL OR room_id = :roomId)
     AND (until IS NULL OR until > :now)
   UNION ALL
   SELECT id, room_id, 'warning', NULL FROM warnings
   WHERE user_id = :userId AND room_id = :roomId AND acknowledged_at IS NULL`,
);
const selectLastPost = database
  .prepare<[number, string], number>('SELECT at FROM slow_posts WHERE room_id = ? AND user_id = ?')
  .pluck();
const selectConsent = database
  .prepare<[number, string], string>('SELECT rules FROM rule_consents WHERE room_id = ? AND user_id = ?')
  .pluck();
const selectSaid = database.prepare<[number, string, string], Said>(
  'SELECT seq, at FROM said_texts WHERE room_id = ? AND user_id = ? AND digest = ?',
);
const insertEntry = database.prepare(
  `INSERT INTO entries (room_id, seq, id, event, kind, author_id, author_name, author_role, nonce, text, reply_to,
                        target, data, audience, removed_by, at)
   VALUES (:roomId, :seq, :id, :event, :kind, :authorId, :authorName, :authorRole, :nonce, :text, :replyTo,
           :target, :data, :audience, :removedBy, :at)`,
);
const updateHead = database.prepare('UPDATE rooms SET head = ? WHERE id = ?');
const hideMessage = database.prepare(
  'UPDATE entries SET removed_by = :by WHERE room_id = :roomId AND seq = :target',
);
const hideEchoes = database.prepare(
  `UPDATE entries SET removed_by = :by WHERE room_id = :roomId AND target = :target AND event IN ${ECHOES_SQL}`,
);
const hideAll = database.prepare(
  `UPDATE entries SET removed_by = :by
   WHERE room_id = :roomId AND author_id = :authorId AND nonce IS NOT NULL AND removed_by IS NULL
     AND seq < :by AND event IN ('message.posted', 'message.changed')`,
);
const hideEchoesOfAll = database.prepare(
  `UPDATE entries SET removed_by = :by
   WHERE room_id = :roomId AND removed_by IS NULL AND event IN ${ECHOES_SQL}
     AND target IN (SELECT seq FROM entries
                    WHERE room_id = :roomId AND author_id = :authorId AND nonce IS NOT NULL
                      AND event = 'message.posted')`,
);
const forgetSpeaker = database.prepare(
  `UPDATE entries SET author_id = NULL, author_name = NULL, author_role = NULL,
          removed_by = CASE WHEN :removes THEN coalesce(removed_by, :by) ELSE removed_by END,
          text = CASE WHEN :removes THEN NULL ELSE text END
   WHERE room_id = :roomId AND author_id = :authorId AND nonce IS NOT NULL AND seq < :by
     AND event IN ('message.posted', 'message.changed')`,
);
const forgetEchoes = database.prepare(
  `UPDATE entries
   SET data = CASE event
         WHEN 'room.pinned'
           THEN json_set(data, '$.of', NULL, '$.message.authorName', NULL, '$.message.authorRole', NULL)
         ELSE json_set(data, '$.of', NULL) END,
       removed_by = CASE WHEN :removes AND event <> 'message.removed' THEN coalesce(removed_by, :by) ELSE removed_by END,
       text = CASE WHEN :removes THEN NULL ELSE text END
   WHERE room_id = :roomId AND ${ACTS_SQL} AND json_extract(data, '$.of') = :authorId AND seq < :by`,
);
const forgetSubject = database.prepare(
  `UPDATE entries SET data = json_set(data, '$.user.nickname', '')
   WHERE room_id = :roomId AND ${ACTS_SQL} AND event IN ('user.sanctioned', 'user.role-changed')
     AND json_extract(data, '$.user.id') = :authorId AND seq < :by`,
);
// Their rank stays: what they did is undone by whoever ranks as high.
const forgetActor = database.prepare(
  `UPDATE entries SET author_id = NULL, author_name = NULL
   WHERE room_id = :roomId AND ${ACTS_SQL} AND author_id = :authorId AND seq < :by`,
);
const clear = database.prepare(
  `UPDATE entries SET removed_by = :by
   WHERE room_id = :roomId AND seq > :after AND seq <= :upTo AND removed_by IS NULL AND event = 'message.posted'`,
);
const clearEchoes = database.prepare(
  `UPDATE entries SET removed_by = :by
   WHERE room_id = :roomId AND target > :after AND target <= :upTo AND removed_by IS NULL AND event IN ${ECHOES_SQL}`,
);
const updateCleared = database.prepare('UPDATE rooms SET cleared = :cleared WHERE id = :roomId');
const updatePinned = database.prepare('UPDATE rooms SET pinned = :pinned WHERE id = :roomId');
const insertSanction = database.prepare(
  `INSERT INTO sanctions (id, room_id, user_id, user_name, action, reason, by_id, by_name, at, until)
   VALUES (:id, :roomId, :userId, :userName, :action, :reason, :byId, :byName, :at, :until)`,
);
const liftSanction = database.prepare('UPDATE sanctions SET lifted_at = ?, lifted_by = ? WHERE id = ?');
const upsertPost = database.prepare(
  `INSERT INTO slow_posts (room_id, user_id, at) VALUES (:roomId, :userId, :at)
   ON CONFLICT (room_id, user_id) DO UPDATE SET at = excluded.at`,
);
const upsertSaid = database.prepare(
  `INSERT INTO said_texts (room_id, user_id, digest, seq, at) VALUES (:roomId, :userId, :digest, :seq, :at)
   ON CONFLICT (room_id, user_id, digest) DO UPDATE SET seq = excluded.seq, at = excluded.at`,
);
const insertModerator = database.prepare(
  'INSERT INTO room_moderators (room_id, user_id) VALUES (?, ?) ON CONFLICT (room_id, user_id) DO NOTHING',
);
const deleteModerator = database.prepare('DELETE FROM room_moderators WHERE room_id = ? AND user_id = ?');
const insertAction = database.prepare(
  `INSERT INTO actions (id, at, room_id, action, by_id, by_name, by_role, address, user_id, user_name, target, reason,
                        details)
   VALUES (:id, :at, :roomId, :action, :byId, :byName, :byRole, :address, :userId, :userName, :target, :reason,
           :details)`,
);
const updateRoom = database.prepare(
  `UPDATE rooms
   SET title = coalesce(:title, title), archived = coalesce(:archived, archived),
       embed = CASE WHEN :setsEmbed THEN :embed ELSE embed END, settings = json_patch(settings, :settings)
   WHERE id = :roomId`,
);
const entitleRoom = database.prepare(`UPDATE rooms SET title = ? WHERE id = ? AND title = ''`);

const review = reviewOn(database);

const append = database.transaction((drafts: readonly Draft[]): Outcome[] => {
  const now = Date.now();
  const state = readState(drafts, now);
  const plan = planAppend(drafts, state, now);
  for (const entry of plan.entries) {
    insertEntry.run(entry);
  }
  for (const roomId of new Set(plan.entries.map((entry) => entry.roomId))) {
    updateHead.run(state.rooms.get(roomId)!.head, roomId);
  }
  plan.hidings.forEach(hide);
  for (const { roomId } of plan.hidings.filter(({ type }) => type === 'clear' || type === 'restore')) {
    updateCleared.run({ roomId, cleared: state.rooms.get(roomId)!.cleared });
  }
  keepSanctions(plan);
  review.write(plan);
  plan.posts.forEach((post) => upsertPost.run(post));
  plan.sayings.forEach((said) => upsertSaid.run(said));
  plan.actions.forEach((action) => insertAction.run(action));
  plan.drafts.forEach((draft, index) => {
    const outcome = plan.outcomes[index];
    if (outcome?.status === 'stored') {
      apply(draft, outcome.entry.seq);
    }
  });
  return plan.outcomes;
});

/** What the log says about the room itself also stands in its row. */
function apply(draft: Draft, seq: number): void {
  const { roomId } = draft;
  switch (draft.type) {
    case 'room':
      changeRoom(draft);
      break;
    case 'role':
      (draft.role === 'moderator' ? insertModerator : deleteModerator).run(roomId, draft.user.id);
      break;
    case 'pin':
      updatePinned.run({ roomId, pinned: seq });
      break;
    case 'unpin':
      updatePinned.run({ roomId, pinned: null });
      break;
    case 'post':
      if (draft.entitles !== undefined) {
        entitleRoom.run(draft.entitles, roomId);
      }
      break;
    default:
  }
}

function hide(hiding: Hiding): void {
  switch (hiding.type) {
    case 'message':
      hideMessage.run(hiding);
      hideEchoes.run(hiding);
      break;
    case 'restore':
      hideMessage.run({ ...hiding, by: null });
      hideEchoes.run({ ...hiding, by: null });
      break;
    case 'author':
      hideAll.run(hiding);
      hideEchoesOfAll.run(hiding);
      break;
    case 'leave': {
      const { roomId, by, authorId } = hiding;
      const whose = { roomId, by, authorId };
      const removes = Number(hiding.removes);
      forgetSpeaker.run({ ...whose, removes });
      forgetEchoes.run({ ...whose, removes });
      forgetSubject.run(whose);
      forgetActor.run(whose);
      break;
    }
    case 'clear':
      clear.run(hiding);
      clearEchoes.run(hiding);
  }
}

function keepSanctions({ lifts, sanctions }: Plan): void {
  for (const { draft, at } of sanctions) {
    const { sanctionId, roomId, scope, user, action, reason, actor, until } = draft;
    insertSanction.run({
      id: sanctionId,
      roomId: scope === 'server' ? null : roomId,
      userId: user.id,
      userName: user.nickname,
      action,
      reason,
      byId: actor.id,
      byName: actor.nickname,
      at,
      until,
    });
  }
  // After them: one may end in the batch that imposed it.
  for (const { sanctionId, by, at } of lifts) {
    liftSanction.run(at, by, sanctionId);
  }
}

function changeRoom({ roomId, changes, before }: RoomDraft): void {
  updateRoom.run({
    roomId,
    title: changes.title ?? null,
    archived: changes.archived === undefined ? null : Number(changes.archived),
    setsEmbed: Number(changes.embed !== undefined),
    embed: changes.embed ?? null,
    settings: JSON.stringify({ ...changes.settings, beforeShield: before }),
  });
}

function readState(drafts: readonly Draft[], now: number): LogState {
  const state: LogState = {
    rooms: new Map(),
    stored: new Map(),
    targets: new Map(),
    sanctions: new Map(),
    lastPosts: new Map(),
    consents: new Map(),
    saidTexts: new Map(),
    ...review.read(drafts),
  };
  const asked = new Set<string>();
  for (const draft of drafts) {
    const { roomId, actor, nonce } = draft;
    const room = state.rooms.has(roomId) ? undefined : selectRoom.get(roomId);
    if (room) {
      state.rooms.set(roomId, {
        head: room.head,
        lastAt: room.lastAt ?? 0,
        archived: room.archived === 1,
        settings: storedSettingsOf(room.settings),
        pinned: room.pinned,
        cleared: room.cleared,
      });
    }
    for (const userId of peopleOf(draft)) {
      const key = speakerKey(roomId, userId);
      if (!asked.has(key)) {
        asked.add(key);
        readPerson(roomId, userId, now, state);
      }
    }
    const stored = nonce === null ? undefined : selectNonce.get(roomId, actor.id, nonce);
    if (nonce !== null && stored) {
      state.stored.set(nonceKey(roomId, actor.id, nonce), stored);
    }
    const target = 'target' in draft ? readTarget(roomId, draft.target) : undefined;
    if ('target' in draft && target) {
      state.targets.set(targetKey(roomId, draft.target), target);
    }
    const digest = 'digest' in draft ? draft.digest : null;
    const said = digest ? selectSaid.get(roomId, actor.id, digest) : undefined;
    if (digest && said) {
      state.saidTexts.set(saidKey(roomId, actor.id, digest), said);
    }
  }
  return state;
}

function readPerson(roomId: number, userId: string, now: number, state: LogState): void {
  for (const { roomId: where, ...standing } of selectSanctions.all({ userId, roomId, now })) {
    state.sanctions.set(
      standingKey(standing.action, where === null ? 'server' : 'room', roomId, userId),
      standing,
    );
  }
  const isSlow = (state.rooms.get(roomId)?.settings.slowMode ?? 0) > 0;
  const last = isSlow ? selectLastPost.get(roomId, userId) : undefined;
  if (last !== undefined) {
    state.lastPosts.set(speakerKey(roomId, userId), last);
  }
  const isRuled = hasRules(state.rooms.get(roomId)?.settings ?? DEFAULT_SETTINGS);
  const read = isRuled ? selectConsent.get(roomId, userId) : undefined;
  if (read !== undefined) {
    state.consents.set(speakerKey(roomId, userId), read);
  }
}

function readTarget(roomId: number, seq: number): Target | undefined {
  const row = selectTarget.get(roomId, seq);
  if (!row) {
    return undefined;
  }
  const { removedBy, edited, text, ...target } = row;
  const removal = removedBy === null ? null : (selectRemoval.get(roomId, removedBy) ?? null);
  return { ...target, text: edited ?? text, removal };
}

parentPort!.on('message', (request: AppendRequest | 'close') => {
  if (request === 'close') {
    database.close();
    parentPort!.close();
    return;
  }
  const { id, drafts } = request;
  let reply: WriterReply;
  try {
    reply = { id, outcomes: append.immediate(drafts) };
  } catch (error) {
    reply = { id, error: error instanceof Database.SqliteError ? error.code : String(error) };
  }
  parentPort!.postMessage(reply);
});
