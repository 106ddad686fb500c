/**
 * The client rule of the protocol as a pure function: whatever is dropped, doubled or reordered on the way, the room
 * shown is the fold of its log. Nothing in this file touches the page, the network or the clock.
 *
 * @import { EntryFrame, HistoryData, ServerFrame, WelcomeData } from '../../src/protocol/frames.js'
 * @import { EmoteView, PinView, PollView, PresenceView, RaidView, RoomRefView, UserView } from '../../src/protocol/views.js'
 * @import { Draft, Item, Overlay } from './entries.js'
 */

import { apply, changedEmotes, changedRoom, followSession, takeAway } from './entries.js';
import { followPin } from './pin.js';
import { followPoll } from './poll.js';

/** @typedef {RoomRefView & { embed?: string | null, archived?: boolean }} RoomState */

/**
 * @typedef {object} LogState
 * @property {string | null} epoch names the log that this state was read from
 * @property {number | null} next the seq that is applied next; null until a snapshot's first entry tells it
 * @property {number} head the newest seq there was when the socket opened
 * @property {number} seen the newest seq that was received or heard of since
 * @property {number} first the oldest seq the server still has
 * @property {number | null} oldest the oldest seq loaded: older pages are asked `before` it
 * @property {number | null} asked the `after` of a repair that is under way
 * @property {readonly Item[]} items messages and lines, ascending by seq
 * @property {ReadonlyMap<number, Overlay>} overlays by target
 * @property {{ upTo: number, seq: number }} cleared
 * @property {ReadonlyMap<number, EntryFrame>} ahead entries that came before their turn
 * @property {RoomState | null} room
 * @property {UserView | null} viewer
 * @property {WelcomeData['limits'] | null} limits
 * @property {PresenceView | null} presence
 * @property {string | null} timedOutUntil when the viewer may write again
 * @property {ReadonlyMap<string, EmoteView>} emotes those of the room, by name
 * @property {PollView | null} poll what the room is being asked
 * @property {WelcomeData['session'] | null} session the event that is on, or was last
 * @property {RaidView | null} raid where the room's viewers are being led; nothing is left of it once its time is up
 * @property {PinView | null} pinned what is on top of the room, whether or not it is to be seen
 */

/** What the page is to send: `history {after}`. @typedef {{ after: number } | null} Ask */

/** Entries waiting for a hole to be filled; what does not fit is read again from the log. */
const AHEAD_LIMIT = 1000;

const ENTRY = /^(?:message|room|user)\./;

/** @returns {LogState} */
export function emptyLog() {
  return {
    epoch: null,
    next: null,
    head: 0,
    seen: 0,
    first: 1,
    oldest: null,
    asked: null,
    items: [],
    overlays: new Map(),
    cleared: { upTo: 0, seq: 0 },
    ahead: new Map(),
    room: null,
    viewer: null,
    limits: null,
    presence: null,
    timedOutUntil: null,
    pinned: null,
    poll: null,
    session: null,
    raid: null,
    emotes: new Map(),
  };
}

/**
 * Applies one frame. The given state is left as it is; frames that say nothing about the log give it back unchanged.
 * @param {LogState} state
 * @param {ServerFrame} frame
 * @returns {{ state: LogState, ask: Ask }} `ask`: a hole was found and nobody has asked for it yet
 */
export function reduce(state, frame) {
  if (isEntry(frame)) {
    return applyInTurn(state, [frame]);
  }
  switch (frame.event) {
    case 'welcome':
      return quiet(welcome(state, frame.data));
    case 'batch':
      return applyInTurn(state, frame.data.events.filter(isEntry));
    case 'live': {
      const next = state.next ?? state.head + 1;
      return repair({
        ...state,
        next,
        oldest: state.oldest ?? next,
        seen: Math.max(state.seen, frame.data.seq),
      });
    }
    case 'history':
      return frame.data.after === undefined
        ? quiet(prepend(state, frame.data))
        : applyInTurn({ ...state, asked: null }, frame.data.entries, frame.data.more);
    case 'ping':
      // Asked again even when a repair is under way: its answer would have come by now.
      return repair({ ...state, seen: Math.max(state.seen, frame.data.head), asked: null });
    case 'gone':
      return quiet(withoutTexts(state, frame.data));
    case 'presence':
      return quiet({ ...state, presence: frame.data });
    case 'poll.counts':
      return quiet({ ...state, poll: followPoll(state.poll, frame) });
    case 'raid.started':
      return quiet({ ...state, raid: frame.data });
    case 'raid.ended':
      return quiet({ ...state, raid: endOfRaid(state.raid, frame.data) });
    default:
      return quiet(state);
  }
}

/** Who has been called back goes nowhere. @param {RaidView | null} raid @param {{ id: string, stopped?: true }} end */
function endOfRaid(raid, { id, stopped }) {
  if (raid?.id !== id) {
    return raid;
  }
  return stopped ? null : { ...raid, leftMs: 0 };
}

/** The cursor to resume from, or null when there is none. @param {LogState} state */
export function cursorOf(state) {
  return state.epoch === null || state.next === null ? null : { after: state.next - 1, epoch: state.epoch };
}

/** Whether older messages can still be asked for. @param {LogState} state */
export function hasOlder(state) {
  return state.oldest !== null && state.oldest > Math.max(state.first, state.session?.firstSeq ?? 0);
}

/** The messages among what is shown. @param {LogState} state */
export function messagesIn({ items }) {
  return items.filter((item) => item.type === 'message');
}

/**
 * A message that is loaded, found without walking the list: it is asked for each quote at every draw.
 * @param {LogState} state
 * @param {number} seq
 */
export function messageAt({ items }, seq) {
  let from = 0;
  let to = items.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((items[middle]?.seq ?? Infinity) < seq) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  const found = items[from];
  return found?.type === 'message' && found.seq === seq ? found : undefined;
}

/**
 * Forgets the oldest items beyond `limit`; they can be loaded again.
 * @param {LogState} state
 * @param {number} limit
 * @returns {LogState}
 */
export function prune(state, limit) {
  if (state.items.length <= limit) {
    return state;
  }
  const items = state.items.slice(-limit);
  return { ...state, items, oldest: items[0]?.seq ?? state.oldest };
}

/** The entries inside a frame, whatever carries them. @param {ServerFrame} frame @returns {EntryFrame[]} */
export function entriesIn(frame) {
  if (isEntry(frame)) {
    return [frame];
  }
  if (frame.event === 'batch') {
    return frame.data.events.filter(isEntry);
  }
  return frame.event === 'history' ? frame.data.entries : [];
}

/**
 * Known or not: a future durable event still takes its place in the log.
 * @param {{ event: string, data: unknown }} frame
 * @returns {frame is EntryFrame}
 */
function isEntry(frame) {
  return ENTRY.test(frame.event);
}

/** @param {LogState} state @returns {{ state: LogState, ask: Ask }} */
function quiet(state) {
  return { state, ask: null };
}

/** @param {LogState} state @param {WelcomeData} data @returns {LogState} */
function welcome(state, data) {
  const { room, viewer, epoch, head, first, limits, presence } = data;
  const resumes = data.mode === 'resume' && state.epoch === epoch;
  const kept = resumes ? state : emptyLog();
  return {
    ...kept,
    // The server replays all from the cursor on; a repair asked on the old socket is not waited for.
    ahead: new Map(),
    asked: null,
    seen: 0,
    room: { ...(resumes ? state.room : null), ...room },
    epoch,
    head,
    first,
    viewer,
    limits,
    presence,
    timedOutUntil: data.timedOutUntil ?? null,
    pinned: data.pinned ?? null,
    poll: data.poll ?? null,
    raid: data.raid ?? null,
    // What a resumed client has goes on through the log: a session that began meanwhile comes in its place.
    session: resumes ? state.session : (data.session ?? null),
    emotes: resumes ? state.emotes : new Map(data.emotes?.map((emote) => [emote.name, emote])),
  };
}

/**
 * The rule itself: below `next` dropped, at `next` applied, above it kept until the hole is filled.
 * @param {LogState} state
 * @param {EntryFrame[]} entries
 * @param {boolean} [more] the page that brought them is not the last
 */
function applyInTurn(state, entries, more = false) {
  const draft = draftOf(state);
  for (const entry of entries) {
    const { seq } = entry.data;
    draft.seen = Math.max(draft.seen, seq);
    // What came after the welcome's head does not begin the log: on the way something overtook what was before it.
    draft.next ??= Math.min(seq, draft.head + 1);
    draft.oldest ??= draft.next;
    if (seq === draft.next) {
      applyWithFollowers(draft, entry);
    } else if (seq > draft.next && draft.ahead.size < AHEAD_LIMIT) {
      draft.ahead.set(seq, entry);
    }
  }
  // A page that brought nothing new is not asked for again at once: the next frame or ping will.
  return more && draft.next === state.next ? quiet(draft) : repair(draft, more);
}

/** Applies `entry` and whatever waited for it. @param {Draft} draft @param {EntryFrame} entry */
function applyWithFollowers(draft, entry) {
  /** @type {EntryFrame | undefined} */
  let due = entry;
  while (due) {
    /** @type {number} */
    const seq = due.data.seq;
    apply(draft, due);
    if (due.event === 'room.changed' && draft.room) {
      draft.room = changedRoom(draft.room, due.data);
      draft.emotes = changedEmotes(draft.emotes, due.data);
      followSession(draft, due.data);
    }
    if (
      due.event === 'user.sanctioned' &&
      draft.viewer?.id === due.data.user.id &&
      isAboutWriting(due.data)
    ) {
      draft.timedOutUntil = due.data.action === 'timeout' ? (due.data.until ?? null) : null;
    }
    if (due.event === 'user.role-changed' && draft.viewer?.id === due.data.user.id) {
      draft.viewer = rankedViewer(draft.viewer, due.data.role);
    }
    draft.pinned = followPin(draft.pinned, due);
    draft.poll = followPoll(draft.poll, due);
    draft.ahead.delete(seq);
    draft.next = seq + 1;
    due = draft.ahead.get(seq + 1);
  }
}

/**
 * What is removed is not looked at until the entry that removed it has its turn, some seconds later.
 * @param {LogState} state
 * @param {EntryFrame} entry
 */
function withoutTexts(state, entry) {
  const draft = draftOf(state);
  takeAway(draft, entry);
  draft.pinned = followPin(draft.pinned, entry);
  return draft;
}

/** Being hidden changes nothing for who is. @param {{ action: string }} sanction */
function isAboutWriting({ action }) {
  return action !== 'hide' && action !== 'unhide';
}

/** An administrator stays one. @param {UserView} viewer @param {'moderator' | 'user'} role @returns {UserView} */
function rankedViewer(viewer, role) {
  return viewer.role === 'admin' ? viewer : { ...viewer, role };
}

/**
 * Asks for what is missing, once.
 * @param {LogState} state
 * @param {boolean} [more] there is more than was heard of
 * @returns {{ state: LogState, ask: Ask }}
 */
function repair(state, more = false) {
  if (state.next === null || state.asked !== null || (!more && state.seen < state.next)) {
    return quiet(state);
  }
  const after = state.next - 1;
  return { state: { ...state, asked: after }, ask: { after } };
}

/**
 * An older page goes in front. Its edits and removals count only where nothing newer is known.
 * @param {LogState} state
 * @param {HistoryData} page
 * @returns {LogState}
 */
function prepend(state, page) {
  const { oldest } = state;
  if (oldest === null || page.before !== oldest) {
    return state;
  }
  const older = page.entries.filter(({ data }) => data.seq < oldest);
  const draft = { ...draftOf(state), items: /** @type {Item[]} */ ([]) };
  for (const entry of older) {
    apply(draft, entry);
  }
  const reached = older[0]?.data.seq ?? oldest;
  return {
    ...draft,
    items: [...draft.items, ...state.items],
    oldest: reached,
    first: page.more ? Math.min(state.first, reached - 1) : reached,
  };
}

/** A copy whose lists may be written to. @param {LogState} state @returns {Draft} */
function draftOf(state) {
  return { ...state, items: [...state.items], ahead: new Map(state.ahead) };
}
