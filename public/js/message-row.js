/**
 * Fills the rows of the message list. The markup is the templates'; this file only knows its slots.
 *
 * @import { UserView } from '../../src/protocol/views.js'
 * @import { Line, Message } from './entries.js'
 * @import { Parcel } from './outbox.js'
 * @import { Translate } from './strings.js'
 * @import { Times } from './times.js'
 */

import { el, slot, tell } from './dom.js';
import { initial } from './graphemes.js';
import { linkify } from './linkify.js';
import { mentions } from './mentions.js';

/**
 * @typedef {object} RowContext
 * @property {Translate} t
 * @property {Times} times
 * @property {UserView | null} viewer
 * @property {(seq: number) => Message | undefined} find a message that is loaded
 * @property {boolean} writable the viewer may answer
 */

/** @param {HTMLElement} row @param {Message} message @param {RowContext} context */
export function fillMessage(row, message, context) {
  const { t, viewer } = context;
  const { author, kind, removed } = message;
  const own = viewer !== null && author?.id === viewer.id;
  row.id = `m-${message.seq}`;
  row.dataset['seq'] = String(message.seq);
  row.dataset['id'] = message.id;
  delete row.dataset['nonce'];
  setState(row, {
    kind,
    state: removed ? 'removed' : '',
    author: author?.id ?? '',
    hue: author?.color ?? null,
    own,
    mention: !own && viewer !== null && mentions(message.text ?? '', viewer.nickname),
  });
  fillName(row, author?.nickname ?? t('message.no-author'), badgeOf(message, t));
  fillQuote(row, message, context);
  fillText(
    row,
    removed ? t(removed === 'staff' ? 'message.removed-staff' : 'message.removed') : (message.text ?? ''),
  );
  slot(row, 'edited').hidden = !message.edited || removed !== null;
  fillFoot(row, '', false);
  fillTime(row, message.at, context);
  slot(row, 'menu').hidden = actionsFor(message, context).length === 0;
}

/** A message that is not in the log yet. @param {HTMLElement} row @param {Parcel} parcel @param {RowContext} context */
export function fillParcel(row, { frame, status, reason }, context) {
  const { t, viewer } = context;
  const failed = status === 'failed';
  row.dataset['nonce'] = frame.data.nonce;
  setState(row, {
    kind: frame.event === 'say' ? (frame.data.kind ?? 'chat') : 'chat',
    state: failed ? 'failed' : 'pending',
    author: viewer?.id ?? '',
    hue: viewer?.color ?? null,
    own: true,
    mention: false,
  });
  fillName(row, viewer?.nickname ?? '', '');
  slot(row, 'quote').hidden = true;
  fillText(row, 'text' in frame.data ? frame.data.text : '');
  slot(row, 'edited').hidden = frame.event !== 'edit';
  fillFoot(row, failed ? (reason ?? '') : noteOf(status, t), failed);
  slot(row, 'time').textContent = '';
  slot(row, 'menu').hidden = true;
}

/** @param {HTMLElement} row @param {Line} line @param {RowContext} context */
export function fillLine(row, line, { t, times }) {
  row.textContent = t(`line.${line.says}`, line.params);
  row.title = times.exact(new Date(line.at));
}

/**
 * What this viewer can do with a message.
 * @param {Message} message
 * @param {Pick<RowContext, 'viewer' | 'writable'>} context
 * @returns {('reply' | 'copy' | 'edit' | 'remove')[]} in the order of the menu; none for guests
 */
export function actionsFor(message, { viewer, writable }) {
  if (!viewer || message.removed) {
    return [];
  }
  const own = message.author?.id === viewer.id;
  const staff = viewer.role !== 'user';
  const edits = own && (message.kind === 'chat' || message.kind === 'admin');
  return [
    ...(writable ? /** @type {const} */ (['reply']) : []),
    'copy',
    ...(edits && writable ? /** @type {const} */ (['edit']) : []),
    ...(own || staff ? /** @type {const} */ (['remove']) : []),
  ];
}

/**
 * @param {HTMLElement} row
 * @param {{ kind: string, state: string, author: string, hue: number | null, own: boolean, mention: boolean }} state
 */
function setState(row, { kind, state, author, hue, own, mention }) {
  row.className = hue === null ? 'message' : `message hue-${Math.floor(hue / 10)}`;
  row.dataset['kind'] = kind;
  row.dataset['state'] = state;
  row.dataset['author'] = author;
  row.toggleAttribute('data-own', own);
  row.toggleAttribute('data-mention', mention);
}

/** @param {HTMLElement} row @param {string} name @param {string} badge */
function fillName(row, name, badge) {
  slot(row, 'avatar').textContent = row.dataset['kind'] === 'ai' ? 'AI' : initial(name.trim());
  tell(slot(row, 'name'), name);
  tell(slot(row, 'badge'), badge);
}

/** @param {Message} message @param {Translate} t */
function badgeOf({ kind, author }, t) {
  if (kind === 'admin') {
    return t('badge.announcement');
  }
  if (kind === 'ai' || kind === 'system') {
    return t(`badge.${kind}`);
  }
  return author?.role === 'admin' || author?.role === 'moderator' ? t(`badge.${author.role}`) : '';
}

/** @param {HTMLElement} row @param {Message} message @param {RowContext} context */
function fillQuote(row, { replyTo }, { find, t }) {
  const quote = slot(row, 'quote');
  const quoted = replyTo === undefined ? undefined : find(replyTo);
  quote.hidden = !quoted;
  if (quoted) {
    quote.setAttribute('href', `#m-${quoted.seq}`);
    slot(row, 'quote-name').textContent = quoted.author?.nickname ?? t('message.no-author');
    slot(row, 'quote-text').textContent = quoted.text ?? t('message.removed');
  }
}

/** @param {HTMLElement} row @param {string} text */
function fillText(row, text) {
  const pieces = linkify(text).map((piece) =>
    piece.href === undefined
      ? piece.text
      : el('a', { href: piece.href, target: '_blank', rel: 'noopener nofollow ugc' }, piece.text),
  );
  slot(row, 'text').replaceChildren(...pieces);
}

/** @param {HTMLElement} row @param {string} note @param {boolean} failed */
function fillFoot(row, note, failed) {
  tell(slot(row, 'note'), note);
  slot(row, 'retry').hidden = !failed;
  slot(row, 'discard').hidden = !failed;
}

/** @param {HTMLElement} row @param {string} at @param {RowContext} context */
function fillTime(row, at, { times }) {
  const time = slot(row, 'time');
  const date = new Date(at);
  time.setAttribute('datetime', at);
  time.title = times.exact(date);
  time.textContent = times.short(date);
}

/** @param {Parcel['status']} status @param {Translate} t */
function noteOf(status, t) {
  if (status === 'held') {
    return t('message.held');
  }
  return t(status === 'waiting' ? 'message.waiting' : 'message.sending');
}
