/**
 * The client rule of the protocol as a pure function: whatever is dropped, doubled or reordered on the way, the room
 * shown is the fold of its log. Nothing in this file touches the page, the network or the clock.
 *
 * @import { EntryFrame, HistoryData, ServerFrame, WelcomeData } from '../../src/protocol/frames.js'
 * @import { PresenceView, RoomRefView, UserView } from '../../src/protocol/views.js'
 * @import { Draft, Item, Overlay } from './entries.js'
 */

import { apply, changedRoom } from './entries.js';

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
    case 'presence':
      return quiet({ ...state, presence: frame.data });
    default:
      return quiet(state);
  }
}

/** The cursor to resume from, or null when there is none. @param {LogState} state */
export function cursorOf(state) {
  return state.epoch === null || state.next === null ? null : { after: state.next - 1, epoch: state.epoch };
}

/** Whether older messages can still be asked for. @param {LogState} state */
export function hasOlder(state) {
  return state.oldest !== null && state.oldest > state.first;
}

/** The messages among what is shown. @param {LogState} state */
export function messagesIn({ items }) {
  return items.filter((item) => item.type === 'message');
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
    draft.next ??= seq;
    draft.oldest ??= seq;
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
    }
    draft.ahead.delete(seq);
    draft.next = seq + 1;
    due = draft.ahead.get(seq + 1);
  }
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
