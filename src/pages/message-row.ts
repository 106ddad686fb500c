import type { EntryFrame } from '../protocol/frames.js';
import type { AuthorView, Locale } from '../protocol/views.js';
import { translate, type MessageKey } from '../common/i18n/translate.js';
import type { Viewer } from '../common/viewer.js';
import type { StandingEntry, StandingMessage } from './fold-entries.js';
import { clockTime } from './times.js';

/** What `views/partials/message.hbs` shows; `blank` of it makes the template that the browser's code clones. */
export interface MessageRow {
  line?: undefined;
  seq: number;
  id: string;
  kind: string;
  state: '' | 'removed';
  authorId: string;
  hueClass: string;
  own: boolean;
  mention: boolean;
  initial: string;
  name: string;
  badge: string;
  text: string;
  edited: boolean;
  at: string;
  time: string;
  quote: { seq: number; name: string; text: string } | null;
}

/** A quiet line between the messages. */
export interface LineRow {
  line: string;
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
export function rowsOf(standing: readonly StandingEntry[], viewer: Viewer): (MessageRow | LineRow)[] {
  const messages = new Map<number, StandingMessage>();
  const rows: (MessageRow | LineRow)[] = [];
  for (const entry of standing) {
    if (entry.type === 'message') {
      messages.set(entry.message.seq, entry.message);
      rows.push(messageRow(entry.message, viewer, messages));
    } else {
      const lines = linesOf(entry.entry, viewer.locale);
      rows.push(...lines.map((line) => ({ line, seq: entry.entry.data.seq })));
    }
  }
  return rows;
}

function messageRow(
  message: StandingMessage,
  viewer: Viewer,
  before: ReadonlyMap<number, StandingMessage>,
): MessageRow {
  const { locale, account } = viewer;
  const name = message.author?.nickname ?? translate(locale, 'client.message.no-author');
  const quoted = message.replyTo === undefined ? undefined : before.get(message.replyTo);
  return {
    seq: message.seq,
    id: message.id,
    kind: message.kind,
    state: message.removed ? 'removed' : '',
    authorId: message.author?.id ?? '',
    hueClass: message.author ? hueClass(message.author.color) : '',
    own: account !== null && message.author?.id === account.id,
    mention:
      account !== null && message.author?.id !== account.id && mentions(message.text, account.nickname),
    initial: message.kind === 'ai' ? 'AI' : initialOf(name),
    name,
    badge: badgeOf(message.kind, message.author, locale),
    text: message.text ?? translate(locale, 'client.message.removed'),
    edited: message.changed === true && !message.removed,
    at: message.at,
    time: clockTime(message.at, locale),
    quote: quoted
      ? {
          seq: quoted.seq,
          name: quoted.author?.nickname ?? translate(locale, 'client.message.no-author'),
          text: quoted.text ?? translate(locale, 'client.message.removed'),
        }
      : null,
  };
}

function badgeOf(kind: string, author: AuthorView | null, locale: Locale): string {
  if (kind === 'admin') {
    return translate(locale, 'client.badge.announcement');
  }
  const role = author?.role ?? 'user';
  return role === 'user' ? '' : translate(locale, `client.badge.${role}`);
}

/** True if the text calls the nickname with an @, as a word of its own. */
export function mentions(text: string | null, nickname: string): boolean {
  const called = `@${nickname}`.toLowerCase();
  const lower = text?.toLowerCase() ?? '';
  for (let at = lower.indexOf(called); at !== -1; at = lower.indexOf(called, at + 1)) {
    if (!/^[a-z0-9_]/.test(lower.slice(at + called.length)) || !/[a-z0-9_]$/.test(called)) {
      return true;
    }
  }
  return false;
}

function linesOf(entry: Extract<StandingEntry, { type: 'event' }>['entry'], locale: Locale): string[] {
  return lineKeys(entry).map(([key, params]) => translate(locale, key, params));
}

type RoomEvent = Exclude<EntryFrame, { event: `message.${string}` }>;
type Line = [MessageKey, Record<string, string>];

function lineKeys(entry: RoomEvent): Line[] {
  if (entry.event === 'room.cleared') {
    return [['client.line.cleared', {}]];
  }
  if (entry.event === 'user.sanctioned') {
    return [[`client.line.${entry.data.action}`, { name: entry.data.user.nickname }]];
  }
  const { title, embed, archived } = entry.data;
  const lines: (Line | false)[] = [
    title !== undefined && ['client.line.title', { title }],
    embed !== undefined && ['client.line.embed', {}],
    archived !== undefined && [archived ? 'client.line.archived' : 'client.line.reopened', {}],
  ];
  return lines.filter((line) => line !== false);
}
