import type { RemovalView, RemovedView } from '../../protocol/views.js';
import type { Entry } from '../../chat/messages/entry.entity.js';
import { presentAuthor } from '../../chat/messages/entry.presenter.js';

/** A removal for staff, and how many messages of the one person went with it. */
export function presentRemoval(removal: Entry, messages: number): RemovalView {
  const { reason = null }: { reason?: string | null } = JSON.parse(removal.data ?? '{}');
  const { seq, authorId: id, authorName: nickname } = removal;
  return {
    seq,
    by: id === null || nickname === null ? null : { id, nickname },
    at: new Date(removal.at).toISOString(),
    reason,
    messages,
  };
}

export function presentRemoved(posted: Entry, text: string, removed: RemovalView): RemovedView {
  return {
    seq: posted.seq,
    author: presentAuthor(posted),
    text,
    at: new Date(posted.at).toISOString(),
    removed,
  };
}
