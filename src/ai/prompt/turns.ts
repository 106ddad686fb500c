import type { AiStatus } from '../../protocol/frames.js';
import type { Entry } from '../../chat/messages/entry.entity.js';

/** A message as the model is to read it: with its newest text, and not if it was removed. */
export interface Turn {
  readonly seq: number;
  readonly id: string;
  readonly from: 'person' | 'ai';
  readonly authorId: string | null;
  readonly authorName: string | null;
  readonly text: string;
  readonly at: number;
  readonly replyTo: number | null;
  /** How an answer ended. */
  readonly status: AiStatus | null;
}

/** Whether an entry is to be told. */
export type Telling = (entry: Entry) => boolean;

const isForAll: Telling = ({ audience }) => audience === null;

/** The messages of a stretch of log, ascending. Only what everybody in the room may see, unless told otherwise. */
export function turnsOf(entries: readonly Entry[], isTold: Telling = isForAll): Turn[] {
  const turns = new Map<number, Turn>();
  for (const entry of entries) {
    const { seq, event, text, target, removedBy } = entry;
    if (removedBy !== null || text === null || !isTold(entry)) {
      continue;
    }
    const changed = target === null ? undefined : turns.get(target);
    if (event === 'message.posted') {
      turns.set(seq, turnOf(entry, text));
    } else if (event === 'message.changed' && changed) {
      turns.set(changed.seq, { ...changed, text, status: statusOf(entry) ?? changed.status });
    }
  }
  return [...turns.values()];
}

function turnOf(entry: Entry, text: string): Turn {
  const { seq, id, kind, authorId, authorName, at, replyTo } = entry;
  return {
    seq,
    id,
    from: kind === 'ai' ? 'ai' : 'person',
    authorId,
    authorName,
    text,
    at,
    replyTo,
    status: statusOf(entry),
  };
}

function statusOf({ data }: Entry): AiStatus | null {
  const ai: { status?: AiStatus } | null = data === null ? null : JSON.parse(data);
  return ai?.status ?? null;
}
