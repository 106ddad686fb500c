import { endingText, outcomeText } from '../../public/js/answer-words.js';
import type { AiStatus } from '../protocol/frames.js';
import type { Locale } from '../protocol/views.js';
import { translate } from '../common/i18n/translate.js';
import type { StandingEntry, StandingMessage } from './fold-entries.js';
import { dayTime } from './times.js';

/** What `views/partials/turn.hbs` shows; `BLANK_TURN` makes the template that the browser's code clones. */
export interface TurnRow {
  seq: number;
  id: string;
  from: 'person' | 'ai';
  state: '' | 'writing';
  text: string;
  at: string;
  time: string;
  /** How an answer ended, unless it is complete, or that a question has none. */
  note: string;
}

/** An answer that is being written: as a turn of its own, or on top of one that it goes on with. */
export interface Writing {
  readonly id: string;
  readonly text: string;
}

export const BLANK_TURN: Omit<TurnRow, 'seq'> = {
  id: '',
  from: 'person',
  state: '',
  text: '',
  at: '',
  time: '',
  note: '',
};

/** How the last run at a question ended that left it without an answer. */
export interface Unanswered {
  readonly status: AiStatus | 'running' | 'queued';
  readonly code: string | null;
}

/** The turns of a conversation; what was taken back, or asked anew, leaves no trace. Pure. */
export function turnRowsOf(
  standing: readonly StandingEntry[],
  { writing, ended }: { writing: Writing | null; ended: Unanswered | null },
  locale: Locale,
): Partial<TurnRow>[] {
  const messages = standing.flatMap((entry) =>
    entry.type === 'message' && entry.message.text !== null ? [entry.message] : [],
  );
  const rows: Partial<TurnRow>[] = messages.map((message) =>
    message.id === writing?.id
      ? { ...turnRow(message, locale), ...written(writing, locale) }
      : turnRow(message, locale),
  );
  const last = rows.at(-1);
  if (writing && !messages.some(({ id }) => id === writing.id)) {
    rows.push({ from: 'ai', ...written(writing, locale) });
  } else if (last?.from === 'person') {
    last.note = reasonOf(ended, locale);
  }
  return rows;
}

function reasonOf(ended: Unanswered | null, locale: Locale): string {
  return ended?.status === 'failed' || ended?.status === 'filtered'
    ? outcomeText({ status: ended.status, code: ended.code, message: '' }, (key) =>
        translate(locale, `client.${key}`),
      )
    : translate(locale, 'client.talk.unanswered');
}

function turnRow({ seq, id, kind, text, at, ai }: StandingMessage, locale: Locale): TurnRow {
  return {
    seq,
    id,
    from: kind === 'ai' ? 'ai' : 'person',
    state: '',
    text: text ?? '',
    at,
    time: dayTime(at, locale),
    note: endingText(ai?.status ?? 'complete', (key) => translate(locale, `client.${key}`)),
  };
}

function written({ id, text }: Writing, locale: Locale) {
  return { id, text, state: 'writing' as const, note: translate(locale, 'client.ai.writing') };
}
