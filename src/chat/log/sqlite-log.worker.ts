import { parentPort, workerData } from 'node:worker_threads';

import Database from 'better-sqlite3';

import { applyPragmas } from '../../database/sqlite-pragmas.js';
import {
  nonceKey,
  planAppend,
  targetKey,
  type LogState,
  type StoredRef,
  type Target,
} from './append.plan.js';
import type { Draft, Outcome, RoomChanges } from './draft.js';

/** What the main thread sends and what it gets back; errors travel as their SQLite code. */
export interface AppendRequest {
  readonly id: number;
  readonly drafts: readonly Draft[];
}
export type AppendReply =
  { readonly id: number; readonly outcomes: Outcome[] } | { readonly id: number; readonly error: string };

// `better-sqlite3` syncs on the thread that commits: on this one it holds up nobody's socket.
const { file }: { file: string } = workerData;
const database = new Database(file);
applyPragmas(database);

const selectRoom = database.prepare<[number], { head: number; archived: number }>(
  'SELECT head, archived FROM rooms WHERE id = ?',
);
const selectNonce = database.prepare<[number, string, string], StoredRef>(
  'SELECT seq, id, at FROM entries WHERE room_id = ? AND author_id = ? AND nonce = ?',
);
const selectTarget = database.prepare<
  [number, number],
  { event: string; authorId: string | null; authorRole: string | null; removedBy: number | null }
>(
  `SELECT event, author_id AS authorId, author_role AS authorRole, removed_by AS removedBy
   FROM entries WHERE room_id = ? AND seq = ?`,
);
const selectEntry = database.prepare<[number, number], StoredRef>(
  'SELECT seq, id, at FROM entries WHERE room_id = ? AND seq = ?',
);
const insertEntry = database.prepare(
  `INSERT INTO entries (room_id, seq, id, event, kind, author_id, author_name, author_role, nonce, text, reply_to,
                        target, data, audience, removed_by, at)
   VALUES (:roomId, :seq, :id, :event, :kind, :authorId, :authorName, :authorRole, :nonce, :text, :replyTo,
           :target, :data, :audience, :removedBy, :at)`,
);
const updateHead = database.prepare('UPDATE rooms SET head = ? WHERE id = ?');
const hideMessage = database.prepare('UPDATE entries SET removed_by = ? WHERE room_id = ? AND seq = ?');
const hideChanges = database.prepare(
  `UPDATE entries SET removed_by = ? WHERE room_id = ? AND target = ? AND event = 'message.changed'`,
);
const updateRoom = database.prepare(
  `UPDATE rooms
   SET title = coalesce(:title, title), archived = coalesce(:archived, archived),
       embed = CASE WHEN :setsEmbed THEN :embed ELSE embed END, settings = json_patch(settings, :settings)
   WHERE id = :roomId`,
);

const append = database.transaction((drafts: readonly Draft[]): Outcome[] => {
  const state = readState(drafts);
  const plan = planAppend(drafts, state, Date.now());
  for (const entry of plan.entries) {
    insertEntry.run(entry);
  }
  for (const roomId of new Set(plan.entries.map((entry) => entry.roomId))) {
    updateHead.run(state.rooms.get(roomId)!.head, roomId);
  }
  for (const { roomId, target, removedBy } of plan.removals) {
    hideMessage.run(removedBy, roomId, target);
    hideChanges.run(removedBy, roomId, target);
  }
  drafts.forEach((draft, index) => {
    if (draft.type === 'room' && plan.outcomes[index]?.status === 'stored') {
      changeRoom(draft.roomId, draft.changes);
    }
  });
  return plan.outcomes;
});

function changeRoom(roomId: number, changes: RoomChanges): void {
  updateRoom.run({
    roomId,
    title: changes.title ?? null,
    archived: changes.archived === undefined ? null : Number(changes.archived),
    setsEmbed: Number(changes.embed !== undefined),
    embed: changes.embed ?? null,
    settings: JSON.stringify(changes.settings ?? {}),
  });
}

function readState(drafts: readonly Draft[]): LogState {
  const state: LogState = { rooms: new Map(), stored: new Map(), targets: new Map() };
  for (const draft of drafts) {
    const { roomId, actor, nonce } = draft;
    const room = state.rooms.has(roomId) ? undefined : selectRoom.get(roomId);
    if (room) {
      state.rooms.set(roomId, { head: room.head, archived: room.archived === 1 });
    }
    const stored = nonce === null ? undefined : selectNonce.get(roomId, actor.id, nonce);
    if (nonce !== null && stored) {
      state.stored.set(nonceKey(roomId, actor.id, nonce), stored);
    }
    const target = 'target' in draft ? readTarget(roomId, draft.target) : undefined;
    if ('target' in draft && target) {
      state.targets.set(targetKey(roomId, draft.target), target);
    }
  }
  return state;
}

function readTarget(roomId: number, seq: number): Target | undefined {
  const row = selectTarget.get(roomId, seq);
  if (!row) {
    return undefined;
  }
  const { event, authorId, authorRole, removedBy } = row;
  const removal = removedBy === null ? null : (selectEntry.get(roomId, removedBy) ?? null);
  return { event, authorId, authorRole, removal };
}

parentPort!.on('message', (request: AppendRequest | 'close') => {
  if (request === 'close') {
    database.close();
    parentPort!.close();
    return;
  }
  const { id, drafts } = request;
  let reply: AppendReply;
  try {
    reply = { id, outcomes: append.immediate(drafts) };
  } catch (error) {
    reply = { id, error: error instanceof Database.SqliteError ? error.code : String(error) };
  }
  parentPort!.postMessage(reply);
});
