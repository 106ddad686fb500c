import type { QuestionView } from '../../protocol/views.js';
import { presentAuthor } from '../../chat/messages/entry.presenter.js';
import type { Question } from './question.entity.js';

/** A question as everybody sees it; `reader` adds what concerns whoever asks. */
export function presentQuestion(
  question: Question,
  votes: number,
  reader: { id: string | null; voted: boolean; isStaff: boolean } = {
    id: null,
    voted: false,
    isStaff: false,
  },
): QuestionView {
  const { id, text, at, status, authorId, hidden } = question;
  return {
    id,
    author: presentAuthor(question),
    text,
    votes,
    at: new Date(at).toISOString(),
    status,
    ...(reader.voted && { voted: true }),
    ...(reader.id !== null && reader.id === authorId && { own: true }),
    ...(hidden && reader.isStaff && { hidden: true }),
  };
}

/** Whether others than staff and its author may see it, once the delay of its room is over. */
export function isPublic({ status, hidden }: Pick<Question, 'status' | 'hidden'>): boolean {
  return status !== 'held' && !hidden;
}
