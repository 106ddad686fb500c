import type { PollView } from '../../protocol/views.js';
import type { Poll } from '../../chat/polls/poll.entity.js';

/** A poll as it stands, for whoever chose `vote`, if they did. */
export function presentPoll(poll: Poll, counts: number[], vote: number | null): PollView {
  const { id, openedSeq, question, choices, byId, byName, at, closesAt, closedAt } = poll;
  return {
    seq: openedSeq ?? 0,
    id,
    question,
    choices,
    by: { id: byId, nickname: byName },
    at: new Date(at).toISOString(),
    closesAt: new Date(closesAt).toISOString(),
    counts,
    ...(vote !== null && { vote }),
    ...(closedAt !== null && { closedAt: new Date(closedAt).toISOString() }),
  };
}
