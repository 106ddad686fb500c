/**
 * Fills the rows of the message list. The markup is the templates'; this file only knows its slots.
 *
 * @import { UserView } from '../../src/protocol/views.js'
 * @import { AnswersState } from './answers.js'
 * @import { Emotes } from './inline-marks.js'
 * @import { Line, Message } from './entries.js'
 * @import { Parcel } from './outbox.js'
 * @import { ReadingChoices } from './reading.js'
 * @import { Day } from './row-flow.js'
 * @import { Translate } from './strings.js'
 * @import { Times } from './times.js'
 * @import { Translations } from './translations.js'
 */

import { endingText, outcomeText } from './answer-words.js';
import { slot, write } from './dom.js';
import { initial } from './graphemes.js';
import { pollLineText } from './poll.js';
import { isStaff } from './roles.js';
import { showMarkdown, showPlain } from './markdown.js';
import { mentions } from './mentions.js';
import { showLine, showWords } from './show-words.js';

/**
 * @typedef {object} RowContext
 * @property {Translate} t
 * @property {Times} times
 * @property {string} locale
 * @property {UserView | null} viewer
 * @property {(seq: number) => Message | undefined} find a message that is loaded
 * @property {boolean} writable the viewer may answer
 * @property {number | null} pinned the message on top of the room
 * @property {boolean} editable people may edit what they said here
 * @property {AnswersState} answers
 * @property {Translations | null} translations null where none are offered
 * @property {string} ai the AI's name
 * @property {ReadingChoices} reading
 * @property {Emotes} emotes of the room, by name
 * @property {boolean} marks whether bold and the like are shown as such here
 */

/** @typedef {'reply' | 'copy' | 'profile' | 'translate' | 'original' | 'edit' | 'pin' | 'unpin' | 'remove' | 'restore' | 'ignore' | 'report' | 'warn' | 'timeout' | 'hide' | 'unhide' | 'ban'} Action */

/** @param {HTMLElement} row @param {Message} message @param {RowContext} context */
export function fillMessage(row, message, context) {
  const { t, viewer } = context;
  const { author, kind, removed } = message;
  const own = viewer !== null && author?.id === viewer.id;
  row.id = `m-${message.seq}`;
  row.dataset['seq'] = String(message.seq);
  row.dataset['id'] = message.id;
  delete row.dataset['nonce'];
  row.dataset['style'] = kind === 'admin' ? (message.style ?? 'info') : '';
  row.toggleAttribute('data-hidden', message.hidden === true);
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
  fillText(row, message, context);
  slot(row, 'edited').hidden = !message.edited || removed !== null;
  fillFoot(row, noteAbout(message, context), false);
  fillTime(row, message.at, context);
  slot(row, 'menu').hidden = actionsFor(message, context).length === 0;
}

/** A message that is not in the log yet. @param {HTMLElement} row @param {Parcel} parcel @param {RowContext} context */
export function fillParcel(row, { frame, status, reason }, context) {
  const { t, viewer, marks, emotes } = context;
  const failed = status === 'failed';
  const kind = frame.event === 'say' ? (frame.data.kind ?? 'chat') : 'chat';
  row.dataset['style'] = frame.event === 'say' && kind === 'admin' ? (frame.data.style ?? 'info') : '';
  row.dataset['nonce'] = frame.data.nonce;
  setState(row, {
    kind,
    // Said and stored, it may take a while until the room shows it.
    state: failed ? 'failed' : status === 'acked' ? '' : 'pending',
    author: viewer?.id ?? '',
    hue: viewer?.color ?? null,
    own: true,
    mention: false,
  });
  fillName(row, viewer?.nickname ?? '', '');
  slot(row, 'quote').hidden = true;
  showWords(slot(row, 'text'), 'text' in frame.data ? frame.data.text : '', marks, emotes);
  slot(row, 'edited').hidden = frame.event !== 'edit';
  fillFoot(row, failed ? (reason ?? '') : noteOf(status, t), failed);
  slot(row, 'time').textContent = '';
  slot(row, 'menu').hidden = true;
}

/** What a line says. @param {Line} line @param {Translate} t @param {string} locale */
export function lineText(line, t, locale) {
  // Whoever has deleted their account has no name.
  const { name = '', ...params } = line.params;
  return line.poll
    ? pollLineText(line, t, locale)
    : t(`line.${line.says}`, { ...params, name: name || t('message.no-author') });
}

/** @param {HTMLElement} row @param {Line} line @param {RowContext} context */
export function fillLine(row, line, { t, times, locale }) {
  row.dataset['says'] = line.says;
  row.textContent = lineText(line, t, locale);
  row.title = times.exact(new Date(line.at));
}

/** @param {HTMLElement} row @param {Day} day @param {RowContext} context */
export function fillDay(row, { at }, { times }) {
  row.classList.add('day');
  row.textContent = times.day(new Date(at));
}

/**
 * What this viewer can do with a message.
 * @param {Message} message
 * @param {Pick<RowContext, 'viewer' | 'writable' | 'editable' | 'translations' | 'pinned'>} context
 * @returns {Action[]} in the order of the menu; none for guests
 */
export function actionsFor(message, { viewer, writable, editable, translations, pinned }) {
  if (!viewer) {
    return [];
  }
  const sanctions = sanctionsFor(viewer, message);
  const own = message.author?.id === viewer.id;
  const staff = isStaff(viewer);
  const mayRemove = own || viewer.role === 'admin' || (staff && !isStaff(message.author));
  if (message.removed) {
    const restores = staff && mayRemove && message.removed !== 'author';
    return [
      ...(restores ? /** @type {const} */ (['restore']) : []),
      ...(!own && isPerson(message.author) ? /** @type {const} */ (['profile']) : []),
      ...sanctions,
    ];
  }
  const edits = own && (message.kind === 'chat' || message.kind === 'admin');
  return [
    ...(writable ? /** @type {const} */ (['reply']) : []),
    'copy',
    ...(own || message.kind === 'system' ? [] : translating(message, translations)),
    ...(edits && writable && (editable || staff) ? /** @type {const} */ (['edit']) : []),
    ...(staff && !message.hidden
      ? [message.seq === pinned ? /** @type {const} */ ('unpin') : /** @type {const} */ ('pin')]
      : []),
    ...(mayRemove ? /** @type {const} */ (['remove']) : []),
    ...(!own && isPerson(message.author) ? /** @type {const} */ (['profile']) : []),
    ...(!own && message.kind === 'chat' && message.author ? /** @type {const} */ (['ignore']) : []),
    // Who can remove it need not tell anybody.
    ...(!mayRemove && message.kind !== 'system' && message.author ? /** @type {const} */ (['report']) : []),
    ...sanctions,
  ];
}

/** @param {UserView} viewer @param {Message} message @returns {('warn' | 'timeout' | 'hide' | 'unhide' | 'ban')[]} */
function sanctionsFor(viewer, { author, hidden }) {
  if (!maySanction(viewer, author)) {
    return [];
  }
  return isStaff(author)
    ? ['warn', 'timeout', 'ban']
    : ['warn', 'timeout', hidden ? 'unhide' : 'hide', 'ban'];
}

/** @param {Message} message @param {Translations | null} translations @returns {('translate' | 'original')[]} */
function translating(message, translations) {
  if (!translations) {
    return [];
  }
  return [translations.of(message) ? 'original' : 'translate'];
}

/** @param {Message['author']} author @returns {author is NonNullable<Message['author']>} */
export function isPerson(author) {
  return author !== null && author.role !== 'ai';
}

/** As far as the page can know; the server knows for certain. @param {UserView} viewer @param {Message['author']} author */
function maySanction(viewer, author) {
  return (
    author !== null &&
    author.role !== 'ai' &&
    author.id !== viewer.id &&
    (viewer.role === 'admin' || (viewer.role === 'moderator' && author.role === 'user'))
  );
}

/**
 * @param {HTMLElement} row
 * @param {{ kind: string, state: string, author: string, hue: number | null, own: boolean, mention: boolean }} state
 */
export function setState(row, { kind, state, author, hue, own, mention }) {
  row.className = hue === null ? 'message' : `message hue-${Math.floor(hue / 10)}`;
  row.dataset['kind'] = kind;
  row.dataset['state'] = state;
  row.dataset['author'] = author;
  row.toggleAttribute('data-own', own);
  row.toggleAttribute('data-mention', mention);
  row.removeAttribute('aria-busy');
  slot(row, 'stop').hidden = true;
}

/** @param {HTMLElement} row @param {string} name @param {string} badge */
export function fillName(row, name, badge) {
  write(slot(row, 'avatar'), row.dataset['kind'] === 'ai' ? 'AI' : initial(name.trim()));
  writeOrHide(slot(row, 'name'), name);
  writeOrHide(slot(row, 'badge'), badge);
}

/** How an answer ended, why a question has none, or that it is a translation. @param {Message} message @param {RowContext} context */
function noteAbout(message, { answers, translations, t }) {
  const { seq, ai, removed } = message;
  const outcome = answers.outcomes.get(seq);
  if (removed) {
    return '';
  }
  const translation = translations?.of(message);
  if (translation) {
    return t(translation.text === null ? 'ai.translating' : 'ai.translated');
  }
  return outcome ? outcomeText(outcome, t) : endingText(ai?.status ?? 'complete', t);
}

/** @param {Message} message @param {Translate} t */
function badgeOf({ kind, author, style = 'info', hidden }, t) {
  if (hidden) {
    return t('badge.hidden');
  }
  if (kind === 'admin') {
    return t(style === 'info' ? 'badge.announcement' : `badge.${style}`);
  }
  if (kind === 'ai' || kind === 'system') {
    return t(`badge.${kind}`);
  }
  if (author?.guest) {
    return t('badge.guest');
  }
  return author?.role === 'admin' || author?.role === 'moderator' ? t(`badge.${author.role}`) : '';
}

/** @param {HTMLElement} row @param {{ replyTo?: number | null }} message @param {RowContext} context */
export function fillQuote(row, { replyTo }, { find, t, emotes }) {
  const quote = slot(row, 'quote');
  const quoted = typeof replyTo === 'number' ? find(replyTo) : undefined;
  quote.hidden = !quoted;
  if (quoted) {
    quote.setAttribute('href', `#m-${quoted.seq}`);
    slot(row, 'quote-name').textContent = quoted.author?.nickname ?? t('message.no-author');
    const place = slot(row, 'quote-text');
    if (quoted.text === null || quoted.kind === 'ai') {
      write(place, quoted.text ?? t('message.removed'));
    } else {
      showLine(place, quoted.text, emotes);
    }
  }
}

/** @param {HTMLElement} row @param {Message} message @param {RowContext} context */
function fillText(row, message, { t, translations, marks, emotes }) {
  const { kind, text, removed } = message;
  const place = slot(row, 'text');
  const translation = removed ? undefined : translations?.of(message);
  place.lang = translation?.locale ?? '';
  if (translation && translation.text !== null) {
    showPlain(place, translation.text);
  } else if (removed) {
    showPlain(place, t(removed === 'staff' ? 'message.removed-staff' : 'message.removed'));
  } else if (kind === 'ai') {
    void showMarkdown(place, text ?? '', t);
  } else {
    showWords(place, text ?? '', marks, emotes);
  }
}

/** @param {HTMLElement} row @param {string} note @param {boolean} failed */
export function fillFoot(row, note, failed) {
  writeOrHide(slot(row, 'note'), note);
  slot(row, 'retry').hidden = !failed;
  slot(row, 'discard').hidden = !failed;
}

/** @param {HTMLElement} row @param {string} at @param {RowContext} context */
export function fillTime(row, at, { times, reading }) {
  const time = slot(row, 'time');
  const date = new Date(at);
  const said = reading.times === 'ago' ? times.ago(date) : times.hour(date);
  if (time.getAttribute('datetime') !== at || time.textContent !== said) {
    time.setAttribute('datetime', at);
    time.title = times.exact(date);
    time.textContent = said;
  }
}

/** @param {Parcel['status']} status @param {Translate} t */
function noteOf(status, t) {
  if (status === 'held') {
    return t('message.held');
  }
  if (status === 'acked') {
    return '';
  }
  return t(status === 'waiting' ? 'message.waiting' : 'message.sending');
}

/** @param {HTMLElement} element @param {string} text */
function writeOrHide(element, text) {
  write(element, text);
  element.hidden = text === '';
}
