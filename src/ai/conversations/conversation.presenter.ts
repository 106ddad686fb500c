import type { ConversationView } from '../../protocol/views.js';
import { fold } from '../../common/pairs.js';
import type { Turn } from '../prompt/turns.js';
import type { ConversationRow, FoundRow } from './conversations.repository.js';

/** What is shown around a word that was found, in characters on either side. */
const AROUND = 60;

export function presentConversation({
  slug,
  title,
  createdAt,
  updatedAt,
}: ConversationRow): ConversationView {
  return {
    id: slug,
    title,
    createdAt: new Date(Number(createdAt)).toISOString(),
    updatedAt: new Date(Number(updatedAt)).toISOString(),
  };
}

/** Each conversation once, with the newest message that was found in it. */
export function presentFound(rows: readonly FoundRow[], words: readonly string[]): ConversationView[] {
  const found = new Map<string, ConversationView>();
  for (const row of rows) {
    const { seq, text } = row;
    const match =
      seq === null || text === null ? {} : { match: { seq: Number(seq), text: around(text, words) } };
    const known = found.get(row.slug);
    if (!known?.match) {
      found.set(row.slug, { ...presentConversation(row), ...match });
    }
  }
  return [...found.values()].sort((a, b) => b.updatedAt.localeCompare(a.updatedAt));
}

function around(text: string, words: readonly string[]): string {
  const at = Math.max(0, fold(text).indexOf(words[0] ?? ''));
  const start = Math.max(0, at - AROUND);
  const piece = text
    .slice(start, at + AROUND)
    .replaceAll(/\s+/g, ' ')
    .toWellFormed();
  return `${start > 0 ? '…' : ''}${piece}${at + AROUND < text.length ? '…' : ''}`;
}

/** A conversation to keep, for people. */
export function asMarkdown(title: string, turns: readonly Turn[]): string {
  const parts = turns.map(
    ({ authorName, at, text }) => `## ${authorName ?? '—'}\n\n*${new Date(at).toISOString()}*\n\n${text}\n`,
  );
  return [`# ${title}\n`, ...parts].join('\n');
}

/** A conversation to keep, for programs. */
export function asJson(id: string, title: string, turns: readonly Turn[]) {
  return {
    id,
    title,
    messages: turns.map(({ seq, from, authorName, at, text, status }) => ({
      seq,
      from,
      author: authorName,
      at: new Date(at).toISOString(),
      text,
      ...(status !== null && { status }),
    })),
  };
}
