/**
 * What each durable entry does to the room that is shown. Order and holes are the reducer's business.
 *
 * @import { EntryFrame, MessageKind, PostedMessage } from '../../src/protocol/frames.js'
 * @import { AuthorView } from '../../src/protocol/views.js'
 * @import { LogState, RoomState } from './reducer.js'
 */

/** @typedef {Extract<EntryFrame, { event: 'room.changed' }>['data']} RoomChange */

/**
 * One message as it stands now, with its edits and its removal applied.
 * @typedef {object} Message
 * @property {'message'} type
 * @property {number} seq
 * @property {string} id
 * @property {MessageKind} kind
 * @property {AuthorView | null} author
 * @property {string | null} text null once removed
 * @property {string} at
 * @property {number} [replyTo]
 * @property {string} [nonce]
 * @property {boolean} edited
 * @property {'author' | 'staff' | 'unknown' | 'cleared' | null} removed
 */

/**
 * Something that happened to the room, told in one quiet line.
 * @typedef {object} Line
 * @property {'line'} type
 * @property {number} seq
 * @property {string} at
 * @property {'title' | 'archived' | 'reopened' | 'embed' | 'cleared' | 'timeout' | 'ban' | 'lift'} says
 * @property {Record<string, string>} params
 */

/** @typedef {Message | Line} Item */

/**
 * The newest word about a message: kept apart from it, because its target may be on a page that is not loaded.
 * @typedef {object} Overlay
 * @property {number} seq the entry that said so; the newest wins
 * @property {string | null} text
 * @property {'author' | 'staff' | null} gone
 * @property {boolean} back restored by staff: it wins over a posting that says `removed`
 * @property {boolean} edited
 */

/** A state that is being built: its lists may be written to. @typedef {LogState & { items: Item[], ahead: Map<number, EntryFrame> }} Draft */

/** Edits and removals remembered for pages that may still be loaded. */
const OVERLAY_LIMIT = 5000;

/** @param {Draft} draft @param {EntryFrame} entry */
export function apply(draft, entry) {
  switch (entry.event) {
    case 'message.posted':
      draft.items.push(standing(draft, entry.data));
      break;
    case 'message.changed':
      overlay(draft, entry.data.target, { ...word(entry.data), text: entry.data.text, edited: true });
      break;
    case 'message.removed':
      overlay(draft, entry.data.target, { ...word(entry.data), gone: entry.data.by });
      break;
    case 'message.restored':
      overlay(draft, entry.data.target, { ...word(entry.data), text: entry.data.text, back: true });
      break;
    case 'room.cleared':
      clear(draft, entry.data);
      draft.items.push(line(entry.data, 'cleared'));
      break;
    case 'room.changed':
      draft.items.push(...changeLines(entry.data));
      break;
    case 'user.sanctioned':
      draft.items.push(line(entry.data, entry.data.action, { name: entry.data.user.nickname }));
      break;
    case 'message.withheld':
      break;
    default:
    // An entry of a later version: it has its place in the log and shows nothing.
  }
}

/** The room after a change of it. @param {RoomState} room @param {RoomChange} change @returns {RoomState} */
export function changedRoom(room, { settings, title, embed, archived }) {
  return {
    ...room,
    settings: { ...room.settings, ...settings },
    title: title ?? room.title,
    embed: embed === undefined ? room.embed : embed,
    archived: archived ?? room.archived,
  };
}

/** @param {RoomChange} change @returns {Line[]} */
function changeLines(change) {
  const { title, embed, archived } = change;
  const lines = [];
  if (title !== undefined) {
    lines.push(line(change, 'title', { title }));
  }
  if (embed !== undefined) {
    lines.push(line(change, 'embed'));
  }
  if (archived !== undefined) {
    lines.push(line(change, archived ? 'archived' : 'reopened'));
  }
  return lines;
}

/**
 * @param {{ seq: number, at: string }} entry
 * @param {Line['says']} says
 * @param {Record<string, string>} [params]
 * @returns {Line}
 */
function line({ seq, at }, says, params = {}) {
  return { type: 'line', seq, at, says, params };
}

/** @param {{ seq: number }} entry @returns {Overlay} */
function word({ seq }) {
  return { seq, text: null, gone: null, back: false, edited: false };
}

/**
 * @param {Draft} draft
 * @param {number} target
 * @param {Overlay} news
 */
function overlay(draft, target, news) {
  const known = draft.overlays.get(target);
  const [newest, oldest] = known && known.seq > news.seq ? [known, news] : [news, known];
  const overlays = new Map(draft.overlays);
  overlays.set(target, {
    ...newest,
    edited: newest.edited || oldest?.edited === true,
    // An edit of a restored message keeps it restored.
    back: newest.back || (newest.gone === null && oldest?.back === true),
  });
  if (overlays.size > OVERLAY_LIMIT) {
    overlays.delete(Math.min(...overlays.keys()));
  }
  draft.overlays = overlays;
  refresh(draft, ({ seq }) => seq === target);
}

/** @param {Draft} draft @param {{ seq: number, upTo: number }} cleared */
function clear(draft, { seq, upTo }) {
  if (seq > draft.cleared.seq) {
    draft.cleared = { seq, upTo: Math.max(upTo, draft.cleared.upTo) };
    refresh(draft, (message) => message.seq <= upTo);
  }
}

/** @param {Draft} draft @param {(message: Message) => boolean} concerns */
function refresh(draft, concerns) {
  draft.items = draft.items.map((item) =>
    item.type === 'message' && concerns(item) ? shown(draft, item) : item,
  );
}

/** @param {Draft} draft @param {PostedMessage} posted @returns {Message} */
function standing(draft, { removed, ...posted }) {
  return shown(draft, { type: 'message', ...posted, edited: false, removed: removed ? 'unknown' : null });
}

/** A message as the overlays leave it. @param {LogState} state @param {Message} message @returns {Message} */
function shown({ overlays, cleared }, message) {
  const word = overlays.get(message.seq);
  if (message.seq <= cleared.upTo && (word?.seq ?? 0) < cleared.seq) {
    return { ...message, text: null, removed: 'cleared' };
  }
  if (!word || (message.removed && !word.gone && !word.back)) {
    return message;
  }
  return { ...message, text: word.text, removed: word.gone, edited: word.edited };
}
