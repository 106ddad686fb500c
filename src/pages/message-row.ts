import { endingText } from '../../public/js/answer-words.js';
import { emoteWords } from '../../public/js/emote-words.js';
import { inlineMarks, unmarked, type Piece } from '../../public/js/inline-marks.js';
import { resultText } from '../../public/js/poll.js';
import { mentions } from '../../public/js/mentions.js';
import type { AnnouncementStyle } from '../protocol/frames.js';
import type { Locale, RoomSettings } from '../protocol/views.js';
import type { RoomEmotes } from '../chat/emotes/room-emotes.js';
import { translate, type MessageKey } from '../common/i18n/translate.js';
import { speakerOf, type Viewer } from '../common/viewer.js';
import type { StandingEntry, StandingMessage } from './fold-entries.js';
import { clockTime } from './times.js';

/** What `views/partials/message.hbs` shows; `blank` of it makes the template that the browser's code clones. */
export interface MessageRow {
  line?: undefined;
  seq: number;
  id: string;
  kind: string;
  /** Of an announcement. */
  style: AnnouncementStyle | '';
  state: '' | 'removed';
  /** Others than staff and its author do not see it. */
  hidden: boolean;
  authorId: string;
  hueClass: string;
  own: boolean;
  mention: boolean;
  /** It goes on with the message above: one person, within a minute. */
  continued: boolean;
  initial: string;
  name: string;
  badge: string;
  /** What was said, with its marks and addresses. */
  pieces: Piece[];
  edited: boolean;
  /** How an answer of the AI ended, unless it is complete. */
  note: string;
  at: string;
  time: string;
  quote: { seq: number; name: string; pieces: Piece[] } | null;
}

/** A quiet line between the messages. */
export interface LineRow {
  line: string;
  /** It tells the result of a poll. */
  result: boolean;
  seq: number;
}

/** The class that carries a person's hue; see css/hues.css. */
export function hueClass(color: number): string {
  return `hue-${Math.floor(color / 10) % 36}`;
}

/** The first grapheme of a name, upper case, for the avatar. */
export function initialOf(name: string): string {
  const [first] = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(name.trim());
  return first?.segment.toUpperCase() ?? '·';
}

/** The rows of a chat panel as this viewer sees them. Pure. */
export function rowsOf(
  standing: readonly StandingEntry[],
  viewer: Viewer,
  { markdown }: Pick<RoomSettings, 'markdown'>,
  emotes: RoomEmotes,
): (MessageRow | LineRow)[] {
  const messages = new Map<number, StandingMessage>();
  const rows: (MessageRow | LineRow)[] = [];
  let above: StandingMessage | undefined;
  for (const entry of standing) {
    if (entry.type === 'message') {
      messages.set(entry.message.seq, entry.message);
      rows.push({
        ...messageRow(
          entry.message,
          viewer,
          messages,
          (text) => (markdown ? inlineMarks : unmarked)(text, emotes),
          emotes,
        ),
        continued: continues(above, entry.message),
      });
      above = entry.message;
    } else {
      const lines = linesOf(entry.entry, viewer.locale);
      above = lines.length > 0 ? undefined : above;
      const result = entry.entry.event === 'room.poll-closed';
      rows.push(...lines.map((line) => ({ line, result, seq: entry.entry.data.seq })));
    }
  }
  return rows;
}

function messageRow(
  message: StandingMessage,
  viewer: Viewer,
  before: ReadonlyMap<number, StandingMessage>,
  read: (text: string) => Piece[],
  emotes: RoomEmotes,
): Omit<MessageRow, 'continued'> {
  const { locale } = viewer;
  const account = speakerOf(viewer);
  const name = message.author?.nickname ?? translate(locale, 'client.message.no-author');
  const quoted = message.replyTo === undefined ? undefined : before.get(message.replyTo);
  return {
    seq: message.seq,
    id: message.id,
    kind: message.kind,
    style: message.kind === 'admin' ? (message.style ?? 'info') : '',
    state: message.removed ? 'removed' : '',
    hidden: message.hidden === true,
    authorId: message.author?.id ?? '',
    hueClass: message.author ? hueClass(message.author.color) : '',
    own: account !== null && message.author?.id === account.id,
    mention:
      account !== null && message.author?.id !== account.id && mentions(message.text ?? '', account.nickname),
    initial: message.kind === 'ai' ? 'AI' : initialOf(name),
    name,
    badge: badgeOf(message, locale),
    pieces: piecesOf(message, locale, read),
    edited: message.changed === true && !message.removed && !message.ai,
    note: message.removed
      ? ''
      : endingText(message.ai?.status ?? 'complete', (key) => translate(locale, `client.${key}`)),
    at: message.at,
    time: clockTime(message.at, locale),
    quote: quoted
      ? {
          seq: quoted.seq,
          name: quoted.author?.nickname ?? translate(locale, 'client.message.no-author'),
          pieces: quotedPieces(quoted, locale, emotes),
        }
      : null,
  };
}

/** An answer becomes Markdown in the browser; until then it is shown as it was written. */
function piecesOf({ kind, text }: StandingMessage, locale: Locale, read: (text: string) => Piece[]): Piece[] {
  if (text === null || kind === 'ai') {
    return [{ text: text ?? translate(locale, 'client.message.removed') }];
  }
  return read(text);
}

/** A quote is a link itself: emotes are all that is shown as something else than it was written. */
function quotedPieces({ kind, text }: StandingMessage, locale: Locale, emotes: RoomEmotes): Piece[] {
  if (text === null || kind === 'ai') {
    return [{ text: text ?? translate(locale, 'client.message.removed') }];
  }
  return emoteWords(text, emotes);
}

/** As `public/js/row-flow.js` has it, so that nothing moves when that code begins. */
function continues(above: StandingMessage | undefined, message: StandingMessage): boolean {
  const isPlain = (one: StandingMessage) => one.kind === 'chat' && !one.removed && one.author !== null;
  const minute = (one: StandingMessage) => one.at.slice(0, '2026-01-01T00:00'.length);
  return (
    above !== undefined &&
    isPlain(above) &&
    isPlain(message) &&
    above.author?.id === message.author?.id &&
    message.replyTo === undefined &&
    minute(above) === minute(message)
  );
}

function badgeOf({ kind, author, style = 'info', hidden }: StandingMessage, locale: Locale): string {
  if (hidden) {
    return translate(locale, 'client.badge.hidden');
  }
  if (kind === 'admin') {
    return translate(locale, `client.badge.${style === 'info' ? 'announcement' : style}`);
  }
  if (author?.guest) {
    return translate(locale, 'client.badge.guest');
  }
  const role = author?.role ?? 'user';
  return role === 'user' ? '' : translate(locale, `client.badge.${role}`);
}

function linesOf(entry: Extract<StandingEntry, { type: 'event' }>['entry'], locale: Locale): string[] {
  return lineKeys(entry, locale).map(([key, params]) => translate(locale, key, params));
}

type RoomEvent = Extract<StandingEntry, { type: 'event' }>['entry'];
type Line = [MessageKey, Record<string, string | number>];

/** Whoever has deleted their account has no name. */
const nameOf = ({ nickname }: { nickname: string }, locale: Locale) =>
  nickname || translate(locale, 'client.message.no-author');

function lineKeys(entry: RoomEvent, locale: Locale): Line[] {
  if (entry.event === 'room.cleared') {
    return [['client.line.cleared', {}]];
  }
  if (entry.event === 'user.sanctioned') {
    return [[`client.line.${entry.data.action}`, { name: nameOf(entry.data.user, locale) }]];
  }
  if (entry.event === 'room.poll-opened') {
    return [['client.line.poll-opened', { question: entry.data.question }]];
  }
  if (entry.event === 'room.poll-closed') {
    const { question, choices, counts } = entry.data;
    return [['client.line.poll-closed', { question, results: resultText(choices, counts, locale) }]];
  }
  if (entry.event === 'user.role-changed') {
    const { user, role } = entry.data;
    const key = role === 'moderator' ? 'client.line.appointed' : 'client.line.dismissed';
    return [[key, { name: nameOf(user, locale) }]];
  }
  const { title, embed, archived, session, raided } = entry.data;
  const lines: (Line | false)[] = [
    title !== undefined && ['client.line.title', { title }],
    embed !== undefined && ['client.line.embed', {}],
    session !== undefined && [
      session.endedAt === undefined ? 'client.line.session-started' : 'client.line.session-ended',
      { title: session.title },
    ],
    raided !== undefined && ['client.line.raided', { title: raided.from.title, count: raided.people }],
    archived !== undefined && [archived ? 'client.line.archived' : 'client.line.reopened', {}],
  ];
  return lines.filter((line) => line !== false);
}
