import type { MessageKind } from '../../protocol/frames.js';
import type { AuthorView } from '../../protocol/views.js';
import { csvLine } from '../../common/csv.js';
import type { Entry } from './entry.entity.js';

/** A message as it stands when the file is made: the text of the last edit, and none once it is removed. */
export interface ExportedMessage {
  readonly seq: number;
  readonly at: string;
  readonly kind: MessageKind;
  /** Null: the account is deleted. */
  readonly author: {
    readonly id: string;
    readonly nickname: string;
    readonly role: AuthorView['role'] | 'guest';
  } | null;
  readonly text: string | null;
  readonly replyTo?: number;
  readonly edited?: true;
  readonly removed?: true;
  /** Others than staff and its author do not see it; only in what staff take. */
  readonly hidden?: true;
}

/** `edit` is the last change of its text, if there is one. */
export function exported(entry: Entry, edit: string | undefined): ExportedMessage {
  const { seq, authorId, authorName, authorRole, replyTo } = entry;
  const isRemoved = entry.removedBy !== null;
  return {
    seq,
    at: new Date(entry.at).toISOString(),
    kind: entry.kind ?? 'chat',
    author:
      authorId !== null && authorName !== null && authorRole !== null
        ? { id: authorId, nickname: authorName, role: authorRole }
        : null,
    text: isRemoved ? null : (edit ?? entry.text),
    ...(replyTo !== null && { replyTo }),
    ...(edit !== undefined && { edited: true as const }),
    ...(isRemoved && { removed: true as const }),
  };
}

export const EXPORT_HEAD = csvLine([
  'seq',
  'at',
  'kind',
  'author',
  'author id',
  'role',
  'text',
  'reply to',
  'state',
]);

/** The message as a line of CSV, under `EXPORT_HEAD`. */
export function exportedLine({
  seq,
  at,
  kind,
  author,
  text,
  replyTo,
  edited,
  removed,
  hidden,
}: ExportedMessage): string {
  const state = removed ? 'removed' : hidden ? 'hidden' : edited && 'edited';
  return csvLine([seq, at, kind, author?.nickname, author?.id, author?.role, text, replyTo, state]);
}

/** The message as people read it; further lines of its text are set in, so that none passes for another message. */
export function exportedText(
  { at, author, text }: ExportedMessage,
  words: { deleted: string; removed: string },
): string {
  const said = (text ?? words.removed).replaceAll(/\r\n?|\n|\u2028|\u2029/g, '\n    ');
  return `${at.slice(0, 19).replace('T', ' ')}  ${author?.nickname ?? words.deleted}: ${said}\n`;
}
