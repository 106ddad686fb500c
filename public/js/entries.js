/**
 * What each durable entry does to the room that is shown. Order and holes are the reducer's business.
 *
 * @import { AiStatus, AnnouncementStyle, EntryFrame, MessageKind, PostedMessage } from '../../src/protocol/frames.js'
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
 * @property {{ status: AiStatus }} [ai] how an answer ended
 * @property {AnnouncementStyle} [style] of an announcement
 * @property {true} [hidden] others than staff and its author do not see it; staff alone are told
 * @property {boolean} edited
 * @property {'author' | 'staff' | 'unknown' | 'cleared' | null} removed
 */

/**
 * Something that happened to the room, told in one quiet line.
 * @typedef {object} Line
 * @property {'line'} type
 * @property {number} seq
 * @property {string} at
 * @property {'title' | 'archived' | 'reopened' | 'embed' | 'cleared' | 'timeout' | 'ban' | 'lift' | 'hide' | 'unhide' | 'appointed' | 'dismissed' | 'poll-opened' | 'poll-closed' | 'session-started' | 'session-ended' | 'raided'} says
 * @property {Record<string, string | number>} params
 * @property {{ id: string, choices: readonly string[], counts: readonly number[] }} [poll] how it ended
 * @property {string} [about] the id of the person it is about
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
 * @property {{ status: AiStatus }} [ai] how an answer ended that this went on with
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
      overlay(draft, entry.data.target, changeOf(entry.data));
      break;
    case 'message.removed':
      takeAway(draft, entry);
      break;
    case 'message.restored':
      overlay(draft, entry.data.target, { ...word(entry.data), text: entry.data.text, back: true });
      break;
    case 'room.cleared':
      takeAway(draft, entry);
      draft.items.push(line(entry.data, 'cleared'));
      break;
    case 'room.poll-opened':
      draft.items.push(line(entry.data, 'poll-opened', { question: entry.data.question }));
      break;
    case 'room.poll-closed': {
      const { id, question, choices, counts } = entry.data;
      draft.items.push({ ...line(entry.data, 'poll-closed', { question }), poll: { id, choices, counts } });
      break;
    }
    case 'room.changed':
      draft.items.push(...changeLines(entry.data));
      break;
    case 'user.sanctioned':
      takeAway(draft, entry);
      draft.items.push(lineAbout(entry.data, entry.data.action));
      break;
    case 'user.deleted':
      takeAway(draft, entry);
      break;
    case 'user.role-changed': {
      const says = entry.data.role === 'moderator' ? 'appointed' : 'dismissed';
      draft.items.push(lineAbout(entry.data, says));
      break;
    }
    case 'message.withheld':
      break;
    default:
    // An entry of a later version: it has its place in the log and shows nothing.
  }
}

/**
 * The part of an entry that takes texts or names away; nothing more happens when it is applied again.
 * @param {Draft} draft
 * @param {EntryFrame} entry
 */
export function takeAway(draft, entry) {
  switch (entry.event) {
    case 'message.removed':
      overlay(draft, entry.data.target, { ...word(entry.data), gone: entry.data.by });
      break;
    case 'room.cleared':
      clear(draft, entry.data);
      break;
    case 'user.sanctioned':
      removeAll(draft, entry.data);
      break;
    case 'user.deleted':
      forget(draft, entry.data);
      break;
    default:
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

/**
 * The emotes after a change of the room; the same where it concerns none.
 * @param {LogState['emotes']} emotes
 * @param {RoomChange} change
 */
export function changedEmotes(emotes, { emotes: changes }) {
  if (!changes) {
    return emotes;
  }
  const { added = [], removed = [] } = changes;
  const changed = new Map(emotes);
  removed.forEach((name) => changed.delete(name));
  added.forEach((emote) => changed.set(emote.name, emote));
  return changed;
}

/** @param {RoomChange} change @returns {Line[]} */
function changeLines(change) {
  const { title, embed, archived, session, raided } = change;
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
  if (session !== undefined) {
    const says = session.endedAt === undefined ? 'session-started' : 'session-ended';
    lines.push(line(change, says, { title: session.title }));
  }
  if (raided !== undefined) {
    lines.push(line(change, 'raided', { title: raided.from.title, count: raided.people }));
  }
  return lines;
}

/**
 * A new event begins an empty chat: what was said before is kept elsewhere.
 * @param {Draft} draft
 * @param {RoomChange} change
 */
export function followSession(draft, { session, seq }) {
  if (!session) {
    return;
  }
  if (session.endedAt === undefined && draft.session?.id !== session.id) {
    draft.items = draft.items.filter((item) => item.seq >= seq);
    draft.oldest = seq;
    draft.session = { ...session, firstSeq: seq };
  } else if (draft.session?.id === session.id) {
    draft.session = { ...draft.session, ...session };
  }
}

/**
 * @param {{ seq: number, at: string }} entry
 * @param {Line['says']} says
 * @param {Record<string, string | number>} [params]
 * @returns {Line}
 */
function line({ seq, at }, says, params = {}) {
  return { type: 'line', seq, at, says, params };
}

/**
 * @param {{ seq: number, at: string, user: { id: string, nickname: string } }} entry
 * @param {Line['says']} says
 * @returns {Line}
 */
function lineAbout({ user, ...entry }, says) {
  return { ...line(entry, says, { name: user.nickname }), about: user.id };
}

/**
 * The AI going on with an answer is no edit.
 * @param {Extract<EntryFrame, { event: 'message.changed' }>['data']} entry
 * @returns {Overlay}
 */
function changeOf({ seq, text, ai }) {
  return { ...word({ seq }), text, edited: ai === undefined, ...(ai && { ai }) };
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

/**
 * What somebody said went with the sanction. Pages that are still to be loaded come without it.
 * @param {Draft} draft
 * @param {Extract<EntryFrame, { event: 'user.sanctioned' }>['data']} sanction
 */
function removeAll(draft, { seq, user, removed }) {
  const theirs = draft.items.filter(
    (item) => removed && item.type === 'message' && item.author?.id === user.id && item.seq < seq,
  );
  for (const item of theirs) {
    overlay(draft, item.seq, { ...word({ seq }), gone: 'staff' });
  }
}

/**
 * Whoever has deleted their account is named no more, and perhaps nothing of theirs is left. Pages that are still to be
 * loaded come like that.
 * @param {Draft} draft
 * @param {Extract<EntryFrame, { event: 'user.deleted' }>['data']} left
 */
function forget(draft, { seq, user, removed }) {
  if (removed) {
    for (const item of draft.items) {
      if (item.type === 'message' && item.author?.id === user.id) {
        overlay(draft, item.seq, { ...word({ seq }), gone: 'author' });
      }
    }
  }
  draft.items = draft.items.map((item) => {
    if (item.type === 'line') {
      return item.about === user.id ? { ...item, params: { ...item.params, name: '' } } : item;
    }
    return item.author?.id === user.id ? { ...item, author: null } : item;
  });
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
  const { text, gone: removed, edited, ai } = word;
  return { ...message, text, removed, edited, ...(ai && { ai }) };
}
