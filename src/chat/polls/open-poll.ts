import type { PollView } from '../../protocol/views.js';
import type { ClosedPollData, OpenedPollData } from '../log/entry.draft.js';
import type { Entry } from '../messages/entry.entity.js';
import { presentOpenedPoll } from '../messages/entry.presenter.js';

/** What a room is being asked: the entry that opened it. */
export type OpenPoll = Entry;

/** What a poll is besides its entry, for one viewer. */
export interface PollStanding {
  readonly id: string;
  readonly counts: number[];
  /** What the viewer chose, if anything. */
  readonly vote: number | null;
}

/** The room's open poll after another entry. */
export function followPoll(poll: OpenPoll | null, entry: Entry): OpenPoll | null {
  switch (entry.event) {
    case 'room.poll-opened':
      return entry;
    case 'room.poll-closed': {
      const { opened }: ClosedPollData = JSON.parse(entry.data!);
      return poll?.seq === opened ? null : poll;
    }
    case 'user.deleted':
      return poll && leftBy(poll, entry);
    default:
      return poll;
  }
}

/** The id of an open poll, and its choices. */
export function askedIn(poll: OpenPoll): { id: string; choices: string[] } {
  const { id, choices }: OpenedPollData = JSON.parse(poll.data!);
  return { id, choices: [...choices] };
}

/** An open poll as a viewer sees it. `standing` may be of another one, or of none: then nobody has voted that we know of. */
export function shownPoll(poll: OpenPoll | null, standing: PollStanding | null): PollView | null {
  if (poll === null) {
    return null;
  }
  const view = presentOpenedPoll(poll);
  const own = standing?.id === view.id ? standing : null;
  return {
    ...view,
    counts: own?.counts ?? view.choices.map(() => 0),
    ...(own !== null && own.vote !== null && { vote: own.vote }),
  };
}

/** Whoever has deleted their account is named no more. */
function leftBy(poll: OpenPoll, { data }: Entry): OpenPoll {
  const { user }: { user: { id: string } } = JSON.parse(data!);
  return poll.authorId === user.id ? { ...poll, authorId: null, authorName: null } : poll;
}
